"""Many walls that ask at once: errors, median and 99th percentile of the answer, weight of the first load.

    python bench/bench_wall.py http://127.0.0.1:8722 KEY [--clients 1000] [--seconds 300]

KEY is a screen's (`vamco accounts token … --role wall`). Each client holds a connection, asks with the
ETag it has, and waits as long as the server says; all start within the first five seconds.
"""

import argparse
import asyncio
import random
import re
import statistics
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PAUSE = 5.0
PARTS = (r'<link[^>]*href="(/static/[^"]+)"', r'<script[^>]*src="(/static/[^"]+)"')
LATER = ("/static/vamco/wall-check.js", "/static/vamco/wall-map.js", "/static/bundle/maplibre-gl.css",
         "/static/bundle/maplibre-gl.mjs", "/static/bundle/maplibre-gl-worker.mjs", "/map/shapes/",
         "/wall/snapshot/")  # fmt: skip
FONTS = [
    f"/static/bundle/{name}-{weight}-normal.woff2"
    for name in ("be-vietnam-pro-latin", "be-vietnam-pro-vietnamese", "figtree-latin")
    for weight in (400, 600, 700)
]


@dataclass
class Tally:
    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    n_bytes: int = 0


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


async def ask(reader, writer, host: str, path: str, headers: dict[str, str]) -> Answer:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Accept-Encoding: gzip",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    got = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    body = await _body(reader, got)
    return Answer(int(head[0].split()[1]), got, body)


async def _body(reader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


async def client(where, key: str, until: float, tally: Tally) -> None:
    await asyncio.sleep(random.random() * PAUSE)
    headers = {"Cookie": f"vamco_wall={key}", "Accept": "application/json"}
    reader = writer = None
    while time.monotonic() < until:
        started = time.perf_counter()
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection(where.hostname, where.port)
            answer = await asyncio.wait_for(ask(reader, writer, where.netloc, "/wall/snapshot/", headers), 20)
        except (OSError, EOFError, TimeoutError) as fault:
            tally.faults.append(repr(fault))
            reader = writer = None
            await asyncio.sleep(PAUSE)
            continue
        tally.seconds.append(time.perf_counter() - started)
        tally.statuses[answer.status] = tally.statuses.get(answer.status, 0) + 1
        tally.n_bytes += len(answer.body)
        headers["If-None-Match"] = answer.headers.get("etag", "")
        await asyncio.sleep(float(answer.headers.get("vamco-ask-again", PAUSE)))
    if writer:
        writer.close()


async def weight(where, key: str) -> dict[str, int]:
    """Bytes over the wire of everything a wall loads, the map too."""
    cookie = {"Cookie": f"vamco_wall={key}"}
    sizes: dict[str, int] = {}

    async def take(path: str) -> bytes:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        answer = await ask(reader, writer, where.netloc, path, cookie)
        writer.close()
        assert answer.status == 200, (path, answer.status)
        sizes[path] = len(answer.body)
        return answer.body

    page = (await take("/wall/")).decode()
    for path in {*(found for part in PARTS for found in re.findall(part, page)), *LATER, *FONTS}:
        await take(path)
    return sizes


async def warm(where, key: str) -> None:
    """Let every process of the server read the ledgers once."""
    quick = 0
    while quick < 30:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        started = time.perf_counter()
        answer = await ask(reader, writer, where.netloc, "/wall/snapshot/", {"Cookie": f"vamco_wall={key}"})
        writer.close()
        quick = quick + 1 if answer.status == 200 and time.perf_counter() - started < 0.5 else 0


async def run(where, key: str, clients: int, seconds: float) -> Tally:
    await warm(where, key)
    tally = Tally()
    until = time.monotonic() + seconds
    await asyncio.gather(*(client(where, key, until, tally) for _ in range(clients)))
    return tally


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("address")
    options.add_argument("key")
    options.add_argument("--clients", type=int, default=1000)
    options.add_argument("--seconds", type=float, default=300)
    asked = options.parse_args()
    where = urlsplit(asked.address)
    sizes = asyncio.run(weight(where, asked.key))
    for path, size in sorted(sizes.items(), key=lambda found: -found[1])[:8]:
        print(f"{size:>9,}  {path}")
    print(f"{sum(sizes.values()):>9,}  bytes of the first load, {len(sizes)} files")
    tally = asyncio.run(run(where, asked.key, asked.clients, asked.seconds))
    cuts = [1000 * cut for cut in statistics.quantiles(tally.seconds, n=100)]
    print(
        f"{len(tally.seconds)} answers in {asked.seconds:.0f} s to {asked.clients} clients: {tally.statuses}"
    )
    print(f"p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms, longest {1000 * max(tally.seconds):.0f} ms")
    print(f"faults: {len(tally.faults)} {sorted(set(tally.faults))[:3]}")


if __name__ == "__main__":
    main()
