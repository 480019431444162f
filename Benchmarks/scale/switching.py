"""Latency while the next generation of the same size takes over, beside the same load without a switch."""

import json
import re
import subprocess
import time

from comparison.failure import Failure

from serving import PATH, wrk

#: Of a pool that has its processors to itself this is a small part; during a switch one of two cores reads.
SHARE_OF_THROUGHPUT = 0.25
#: Of `--seconds`: long enough for reading and warming a generation of a million.
LENGTH = 2
#: The switch begins when so much of the load has run.
HEAD = 3


def measure(database, service, arguments):
    # The same vectors, which the part `storage` has loaded with another index already: answers cost about the same.
    second = database.load("halfvec")
    first = database.load("vector", "--activate")
    seen = {}
    with service.running() as process:
        rate = int(SHARE_OF_THROUGHPUT * wrk(service.url, PATH, database.items, 5))
        seen["rate"] = rate
        for name, number in (("steady", None), ("switch", second), ("back", first)):
            seen[name] = load(service, database, arguments, rate, number)
            print(f"    {name}: {seen[name]}", flush=True)
        seen["memory_peak"] = service.memory(process, "VmHWM")
        seen["memory_after"] = service.memory(process)
    return seen


def load(service, database, arguments, rate, generation):
    """The report of an open loop; with a generation to switch to, how long that took by the service's log."""
    mark = service.log.stat().st_size
    command = [
        arguments.programs / "kindred-loadtest", "run", "--json", "--url", service.url, "--path",
        PATH, "--ids", f"1-{database.items}", "--rate", str(rate), "--warmup", "2",
        "--duration", str(LENGTH * arguments.seconds), "--connections", "32"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if generation is not None:
        time.sleep(2 + HEAD)
        command = [arguments.programs / "kindred", "activate", str(generation)]
        if subprocess.run(command, stdout=subprocess.DEVNULL).returncode != 0:
            raise Failure("kindred activate failed; its words are above")
    words, _ = process.communicate()
    # 1: an answer was wrong; 2: the generator's own delay is in the figures, and said below.
    if process.returncode not in (0, 1, 2):
        raise Failure("kindred-loadtest failed; its words are above")
    report = json.loads(words)
    seen = {name: report[name] for name in ("p50_ms", "p99_ms", "max_ms", "ok", "wrong", "errors", "dropped")}
    seen["generator_limited"] = process.returncode == 2
    if generation is not None:
        said = [line for line in service.log.read_text()[mark:].splitlines() if "switched generation" in line]
        if not said:
            raise Failure(f"the service has not switched; its log is {service.log}")
        seen["switch_seconds"] = float(re.search(r"seconds=([\d.]+)", said[-1])[1])
    return seen
