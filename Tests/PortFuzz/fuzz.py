#!/usr/bin/env python3
"""Throws arbitrary bytes at the port of a running service and asks it honest questions all the while.

usage: fuzz.py URL PID SECONDS FOLDER [SEED]

Exits 1 when the process ends, an honest question is answered wrongly or late, an answer is no HTTP or says 500, or when
descriptors, memory or requests under way are left over. What was sent last lies in FOLDER then, one file a connection.
"""

import collections
import http.client
import os
import random
import socket
import struct
import sys
import threading
import time
import urllib.parse

url, pid, seconds, folder = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
seed = int(sys.argv[5]) if len(sys.argv) > 5 else random.randrange(1 << 32)
address = (urllib.parse.urlparse(url).hostname, urllib.parse.urlparse(url).port)
workers = 4
# Honest questions wait behind the fuzzer's own use of a small machine.
patience = 10
# What a process keeps for good: buffers of its threads, the cache's answers.
spare_memory = 24 << 20
# Connections to the database, and files, that it opens later.
spare_descriptors = 8

EVENT = b'{"event_id":"%d","session":"fuzz","movie_id":50,"kind":"viewed"}'
TARGETS = [
    b"/v1/movies/50/similar", b"/v1/movies/50/similar?k=3&engine=memory", b"/v1/users/7/recommendations?k=100",
    b"/v1/movies/50", b"/livez", b"/readyz", b"/metrics", b"/", b"*", b"//v1/movies/50", b"/%76%31/movies/50",
    b"http://host/v1/movies/50", b"/v1/movies/50/similar?genre=Comedy&year_from=1990", b"/v1/users/7",
    b"/v1/admin/activate", b"/v1/movies?query=%f0%9f", b"/v1/movies/99999999999999999999/similar",
]
METHODS = [b"GET"] * 6 + [b"POST", b"POST", b"HEAD", b"OPTIONS", b"DELETE", b"PUT", b"CONNECT", b"PRI", b"BREW", b"get"]
FIELDS = [
    b"Host: fuzz", b"Connection: close", b"Connection: keep-alive, upgrade", b"Upgrade: h2c", b"Expect: 100-continue",
    b"Content-Length: 0", b"Content-Length: 5", b"Content-Length: -1", b"Content-Length: 99999999999999999999",
    b"Content-Length: 5\r\nContent-Length: 6", b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 4", b"Content-Type: application/json", b"Content-Type: text/plain",
    b"If-None-Match: *", b"If-None-Match: \"", b"X-Request-Id: fuzz", b"X-Request-Id: \xff\xfe", b"X-Deadline-Ms: 1",
    b"X-Deadline-Ms: x", b"Authorization: Bearer x", b"Origin: https://evil.example", b" folded: yes", b"No-Colon",
    b": empty", b"Name : space", b"X-Nul: a\x00b", b"X-Long: " + b"a" * 40_000, b"X-Many: a\r\n" * 120,
]
NOISE = [b"\r\n", b"\n", b"\r", b"\x00", b" ", b"\t", b"\xff", b"%00", b"\r\n\r\n", b"HTTP/1.1", b"HTTP/2.0", b"0\r\n\r\n"]


def request(draw):
    if draw.random() < 0.1:
        return draw.choice([
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + draw.randbytes(40),
            b"GET /livez HTTP/0.9\r\n\r\n", b"GET /livez\r\n\r\n", b"\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n",
        ])
    fields = draw.sample(FIELDS, draw.randrange(0, 4)) + [b"Host: fuzz"]
    body = b""
    if draw.random() < 0.4:
        body = draw.choice([
            EVENT % draw.randrange(1 << 40), draw.randbytes(draw.randrange(200)), b"[" * 5000, b"{\"events\":[]}",
            b"5\r\nhello\r\n0\r\n\r\n", b"ffffffffffffffff\r\nx", b"-1\r\n", b"5;ext=\"\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
        ])
        if draw.random() < 0.7:
            fields.append(b"Content-Length: %d" % len(body))
            fields.append(b"Content-Type: " + draw.choice([b"application/json", b"text/plain"]))
    target = draw.choice(TARGETS)
    if draw.random() < 0.05:
        target += b"?" + b"a" * draw.randrange(70_000)
    version = draw.choice([b"HTTP/1.1"] * 8 + [b"HTTP/1.0", b"HTTP/1.2", b"HTTP/9.9"])
    return b"%s %s %s\r\n%s\r\n\r\n%s" % (draw.choice(METHODS), target, version, b"\r\n".join(fields), body)


def mutated(draw, data):
    data = bytearray(data)
    for _ in range(draw.randrange(1, 6)):
        place = draw.randrange(len(data) + 1)
        kind = draw.randrange(5)
        if kind == 0 and data:
            data[place % len(data)] ^= 1 << draw.randrange(8)
        elif kind == 1:
            data[place:place] = draw.choice(NOISE)
        elif kind == 2:
            del data[place:place + draw.randrange(1, 20)]
        elif kind == 3:
            data[place:place] = data[place:place + draw.randrange(1, 200)]
        else:
            data[place:place] = draw.randbytes(draw.randrange(1, 20))
    return bytes(data)


def input_of(draw):
    kind = draw.random()
    if kind < 0.15:
        return draw.randbytes(draw.randrange(1, 5000))
    parts = [request(draw) for _ in range(draw.choice([1, 1, 1, 2, 5, 200]))]
    return b"".join(mutated(draw, part) if draw.random() < 0.6 else part for part in parts)


class Failure(Exception):
    pass


def throw(draw, data):
    """One connection: sends the input in some way, reads in some way, and judges what it was told."""
    with socket.create_connection(address, timeout=patience) as connection:
        received, ending = b"", draw.random()
        try:
            if draw.random() < 0.3:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                cuts = sorted(draw.randrange(len(data) + 1) for _ in range(draw.randrange(1, 6)))
                for start, end in zip([0] + cuts, cuts + [len(data)]):
                    connection.sendall(data[start:end])
                    time.sleep(draw.random() * 0.005)
            else:
                connection.sendall(data)
            if ending < 0.1:
                # Closing sends a reset, with answers unread.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if ending < 0.6:
                connection.shutdown(socket.SHUT_WR)
            connection.settimeout(patience if ending < 0.6 else 0.05)
            while len(received) < 1 << 22:
                some = connection.recv(65_536)
                if not some:
                    break
                received += some
        except TimeoutError:
            if 0.1 <= ending < 0.6:
                raise Failure("a connection whose client had finished was not closed") from None
        except OSError:
            pass  # The service may end a connection at any time.
    if received and not received.startswith(b"HTTP/1."):
        raise Failure(f"no HTTP: {received[:80]!r}")
    if b"HTTP/1.1 500" in received or b"internal-error" in received:
        raise Failure("an input was answered with 500: the service's log has the reason")


def work(number, end, failures, counts):
    draw = random.Random(seed + number)
    recent = collections.deque(maxlen=20)
    while time.monotonic() < end and not failures:
        data = input_of(draw)
        recent.append(data)
        try:
            throw(draw, data)
        except Failure as failure:
            failures.append(str(failure))
        except OSError as error:
            failures.append(f"no connection: {error}")
        counts[number] += 1
    if failures:
        for age, data in enumerate(reversed(recent)):
            with open(os.path.join(folder, f"input-{number}-{age}"), "wb") as file:
                file.write(data)


def ask(target):
    connection = http.client.HTTPConnection(*address, timeout=patience)
    try:
        connection.request("GET", target)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def descriptors():
    return len(os.listdir(f"/proc/{pid}/fd"))


def memory():
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def identity():
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[19]


def listens():
    """Whether the port is that process's own: whoever else is behind it asked for no storm."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table][1:]
    inodes = {row[9] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == address[1]}
    held = set()
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        try:
            held.add(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
        except OSError:
            pass  # Closed meanwhile.
    return bool(inodes) and all(f"socket:[{inode}]" in held for inode in inodes)


def under_way():
    lines = ask("/metrics")[1].decode().splitlines()
    return next(int(float(line.split()[1])) for line in lines if line.startswith("kindred_http_requests_in_progress "))


def honest(reference, failures, until):
    while time.monotonic() < until and not failures:
        try:
            if ask("/v1/movies/50/similar?engine=memory&k=5")[0] != 200 or ask("/v1/movies/50") != reference:
                failures.append("an honest question was answered wrongly")
        except OSError as error:
            failures.append(f"an honest question was not answered: {error}")
        time.sleep(0.1)


def settled(before):
    """Descriptors once every connection of the fuzzer has ended."""
    end = time.monotonic() + 30
    while descriptors() > before + spare_descriptors and time.monotonic() < end:
        time.sleep(0.2)
    return descriptors()


def main():
    if not os.path.exists(f"/proc/{pid}") or not listens():
        sys.exit(f"error: process {pid} does not listen on port {address[1]}")
    reference = ask("/v1/movies/50")
    began, failures, counts = identity(), [], [0] * workers
    before = descriptors()
    # Whatever a first storm makes the process keep is no leak; what a second one adds is.
    marks = []
    for share in (0.4, 0.6):
        end = time.monotonic() + seconds * share
        threads = [threading.Thread(target=work, args=(number, end, failures, counts)) for number in range(workers)]
        for thread in threads:
            thread.start()
        honest(reference, failures, end)
        for thread in threads:
            thread.join()
        if not os.path.exists(f"/proc/{pid}") or identity() != began:
            failures.append("the process has ended")
        if failures:
            break
        left = settled(before)
        marks.append(memory())
        if left > before + spare_descriptors:
            failures.append(f"{left} descriptors are open, {before} were before")
        if under_way() != 1:
            failures.append(f"{under_way()} requests are under way, one of them the question for it")
    if len(marks) == 2 and marks[1] > marks[0] + spare_memory:
        failures.append(f"{marks[1] >> 20} MB are resident after the second storm, {marks[0] >> 20} MB after the first")
    for failure in dict.fromkeys(failures):
        print(f"error: {failure} (seed {seed})", file=sys.stderr)
    if failures:
        sys.exit(1)
    print(
        f"{sum(counts)} connections in {seconds:.0f} s (seed {seed}), no failure; descriptors {before} before, {left} "
        f"after; resident {marks[0] >> 20} MB after the first storm, {marks[1] >> 20} MB after the second")


main()
