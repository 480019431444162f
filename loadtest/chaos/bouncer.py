"""A service whose database is behind PgBouncer, in the configuration that docs/scale.md recommends."""

import asyncio
import os
import subprocess
import time

from chaos.service import Service
from comparison.failure import Failure

#: Session pooling, because the service prepares statements, sets `hnsw.…` for its sessions and listens.
CONFIGURATION = """\
[databases]
kindred = host={socket} port={port} dbname=kindred user=kindred

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = session
server_reset_query = DISCARD ALL
max_client_conn = 200
default_pool_size = 20
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""


class Bouncer:
    def __init__(self, cluster, scripts):
        self.folder = cluster.data.parent / "pgbouncer"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        owner = cluster.data.stat()
        os.chown(self.folder, owner.st_uid, owner.st_gid)
        self.port = subprocess.run([scripts / "port", "free"], capture_output=True, text=True, check=True).stdout.strip()
        socket, port = cluster.url.split("@")[1].split("/kindred")[0].rsplit(":", 1)
        (self.folder / "pgbouncer.ini").write_text(CONFIGURATION.format(
            socket=socket.replace("%2F", "/"), port=port, own_port=self.port, folder=self.folder))
        self.command = [
            *(["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups", "--"]
              if os.geteuid() == 0 else []),
            "pgbouncer", "--quiet", str(self.folder / "pgbouncer.ini")]
        self.url = f"postgresql://kindred@127.0.0.1:{self.port}/kindred"
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.kill()
        self.process.wait()


async def make(arguments, cluster):
    """(bouncer, service behind it), both running."""
    scripts = arguments.project / "scripts"
    bouncer = Bouncer(cluster, scripts)
    bouncer.start()
    for _ in range(100):
        try:
            cluster.sql("SELECT 1", bouncer.url)
            break
        except Failure:
            await asyncio.sleep(0.1)
    service = Service(arguments.programs / "kindred", scripts, arguments.home, bouncer.url, name="bounced")
    await service.start()
    return bouncer, service


async def restarted(stage, bouncer):
    """PgBouncer is killed and started again."""
    bouncer.stop()
    await asyncio.sleep(stage.seconds / 2)
    bouncer.start()
    return time.monotonic()
