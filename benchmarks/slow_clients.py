"""A web server among slow clients: python -m benchmarks.slow_clients [--project FOLDER]

Starts `make run` of this project, or of another checkout, and measures how long /healthz and the
landing page take while 200 connections (or --clients) send a line of a header, or a byte of a body,
every second; while 20 send bodies in the smallest of chunks; while 50 download a file at 20 kB/s;
and how many of 50 uploads of 5 MB at 250 kB/s arrive.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from benchmarks.photographs import gray_jpeg
from benchmarks.running_site import ROOT, Site, row

GREEDY_CLIENTS = 20
PHONES = 50
UPLOAD_BYTES = 5_000_000
UPLOAD_BYTES_A_SECOND = 250_000
DOWNLOAD_BYTES_A_SECOND = 20_000
WATCHED_SECONDS = 15
GIVEN_UP_SECONDS = 10.0
PATIENCE_SECONDS = 300

Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[object]]


async def connected(site: Site, client: Client) -> object:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port, limit=2**16)
    try:
        return await client(reader, writer)
    finally:
        writer.close()


async def send_header_slowly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
    for number in range(PATIENCE_SECONDS):
        writer.write(f"X-Slow-{number}: a\r\n".encode())
        await asyncio.sleep(1)


async def send_body_slowly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(
        b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n"
    )
    for _second in range(PATIENCE_SECONDS):
        writer.write(b"a")
        await asyncio.sleep(1)


def send_tiny_chunks(port: int) -> Client:
    async def send(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\n")
            writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
            with suppress(OSError):  # refused: once more
                for _chunks in range(PATIENCE_SECONDS):
                    writer.write(b"1\r\nx\r\n" * 10_000)
                    await writer.drain()
            writer.close()
            _, writer = await asyncio.open_connection("127.0.0.1", port)

    return send


def download(path: str, token: str) -> Client:
    async def read_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Session-Token: {token}\r\n\r\n"
        writer.write(head.encode())
        while await reader.read(DOWNLOAD_BYTES_A_SECOND):
            await asyncio.sleep(1)

    return read_slowly


def upload(form: bytes, token: str) -> Client:
    async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (
            "POST /api/v1/photos/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Content-Type: {MULTIPART_CONTENT}\r\nContent-Length: {len(form)}\r\n"
            f"X-Session-Token: {token}\r\n\r\n"
        )
        writer.write(head.encode())
        for start in range(0, len(form), UPLOAD_BYTES_A_SECOND):
            writer.write(form[start : start + UPLOAD_BYTES_A_SECOND])
            await writer.drain()
            await asyncio.sleep(1)
        return (await reader.read(12)).endswith(b"201")

    return send


async def latency(site: Site, path: str) -> float:
    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        while await reader.read(2**16):
            pass

    begin = time.perf_counter()
    try:
        async with asyncio.timeout(GIVEN_UP_SECONDS):
            await connected(site, ask)
    except (TimeoutError, OSError):
        return GIVEN_UP_SECONDS
    return time.perf_counter() - begin


async def worst_latencies(site: Site, stop: asyncio.Event | None = None) -> tuple[float, float]:
    """Of /healthz and of the landing page, asked again and again."""
    health, page = [], []
    end = time.perf_counter() + WATCHED_SECONDS
    while not stop.is_set() if stop else time.perf_counter() < end:
        health.append(await latency(site, "/healthz"))
        page.append(await latency(site, "/"))
        await asyncio.sleep(0.2)
    return max(health), max(page)


async def watch_among(site: Site, name: str, client: Client, number: int) -> None:
    tasks = [asyncio.create_task(connected(site, client)) for _ in range(number)]
    await asyncio.sleep(1)
    row(name, *await worst_latencies(site))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(1)


async def watch_uploads(site: Site, token: str, form: bytes) -> None:
    stop = asyncio.Event()
    watching = asyncio.create_task(worst_latencies(site, stop))
    begin = time.perf_counter()
    sending = [asyncio.create_task(connected(site, upload(form, token))) for _ in range(PHONES)]
    done, late = await asyncio.wait(sending, timeout=PATIENCE_SECONDS)
    seconds = time.perf_counter() - begin
    stop.set()
    arrived = sum(not task.exception() and task.result() is True for task in done)
    for task in late:
        task.cancel()
    row(f"{PHONES} uploads of 5 MB at 250 kB/s", *await watching)
    row(f"  of them arrived, seconds for all: {arrived}", seconds)


async def measure(site: Site, token: str, slow_clients: int) -> None:
    photo = gray_jpeg((3000, 2250))
    padded = photo + bytes(UPLOAD_BYTES - len(photo))  # what stands behind a JPEG's end is ignored
    form = encode_multipart(BOUNDARY, {"image": SimpleUploadedFile("photo.jpg", padded)})
    kept = await asyncio.to_thread(
        site.ask, "/api/v1/photos/", form, Content_Type=MULTIPART_CONTENT, X_Session_Token=token
    )
    row("nobody else", *await worst_latencies(site))
    await watch_among(site, f"{slow_clients} slow headers", send_header_slowly, slow_clients)
    await watch_among(site, f"{slow_clients} slow bodies", send_body_slowly, slow_clients)
    await watch_among(
        site, f"{GREEDY_CLIENTS} that send tiny chunks", send_tiny_chunks(site.port), GREEDY_CLIENTS
    )
    path = f"/api/v1/photos/{kept['id']}/original/"
    await watch_among(site, f"{PHONES} slow downloads of 5 MB", download(path, token), PHONES)
    await watch_uploads(site, token, form)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, default=ROOT, help="the checkout to be measured")
    parser.add_argument("--clients", type=int, default=200, help="that are slow (default: 200)")
    arguments = parser.parse_args()
    settings.configure()  # encode_multipart asks for Django's default charset
    with TemporaryDirectory() as folder:
        site = Site(arguments.project, Path(folder))
        with site.started():
            sys.stdout.write(f"{'slowest answer in seconds, among':44}   /healthz         /\n")
            asyncio.run(measure(site, site.sign_up(), arguments.clients))


if __name__ == "__main__":
    main()
