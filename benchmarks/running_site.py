"""A running site: start, upload to result, peak memory: python -m benchmarks.running_site [--cold]

Starts `make run` with data of its own, uploads through the API one photo at a time and waits for
each result. --cold clones the repository first and starts from nothing (installs everything).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from benchmarks.photographs import TWELVE_MEGAPIXELS, gray_jpeg

ROOT = Path(__file__).parent.parent
UPLOADS = 10
SIZES = {"1 megapixel": (1152, 864), "12 megapixels": TWELVE_MEGAPIXELS}
PAUSE_SECONDS = 0.02
PATIENCE_SECONDS = 1800
ACCOUNT = {"email": "benchmark@example.org", "password": "a long enough password"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Site:
    def __init__(self, project: Path, folder: Path) -> None:
        self.project = project
        self.data = folder / "var"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.variables = {
            **os.environ,
            "PORT": str(self.port),
            "DATA_DIR": str(self.data),
            "MEDIA_STORAGE": str(folder / "media"),
        }

    @contextmanager
    def started(self) -> Iterator[float]:
        """Gives the seconds from `make run` to the first answer."""
        begin = time.perf_counter()
        with subprocess.Popen(
            ["make", "run"],
            cwd=self.project,
            env=self.variables,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        ) as make:
            try:
                self.wait_for_answer(make)
                yield time.perf_counter() - begin
            finally:
                os.killpg(make.pid, signal.SIGINT)

    def wait_for_answer(self, make: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if make.poll() is not None:
                raise SystemExit("The site did not start; `make run` tells why.")
            try:
                urlopen(f"{self.address}/healthz", timeout=30).close()
            except URLError:
                time.sleep(PAUSE_SECONDS)
            else:
                return
        raise SystemExit("The site did not answer in time.")

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(f"{self.address}{path}", data=body, headers=named)
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def sign_up(self) -> str:
        path = "/_allauth/app/v1/auth/signup"
        answer = self.ask(path, json.dumps(ACCOUNT).encode(), Content_Type="application/json")
        token: str = answer["meta"]["session_token"]
        return token

    def seconds_to_result(self, token: str, photo: bytes, pause: float = PAUSE_SECONDS) -> float:
        """From the response to the upload to the state `succeeded`."""
        form = encode_multipart(BOUNDARY, {"image": SimpleUploadedFile("photo.jpg", photo)})
        colorization = self.ask(
            "/api/v1/colorize/", form, Content_Type=MULTIPART_CONTENT, X_Session_Token=token
        )
        begin = time.perf_counter()
        while colorization["state"] in ("queued", "running"):
            time.sleep(pause)
            colorization = self.ask(
                f"/api/v1/colorizations/{colorization['id']}/", X_Session_Token=token
            )
        if colorization["state"] != "succeeded":
            raise SystemExit(f"The colorization ended as {colorization['state']}: {colorization}")
        return time.perf_counter() - begin

    def peak_memory(self) -> dict[str, float]:
        """Peak resident MiB of the largest process of each program of this site."""
        mark = f"DATA_DIR={self.data}".encode()
        peaks: dict[str, float] = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                belongs = mark in process.joinpath("environ").read_bytes().split(b"\0")
                command = process.joinpath("cmdline").read_text().replace("\0", " ")
                status = process.joinpath("status").read_text()
            except OSError:  # it ended meanwhile, or is another user's
                continue
            peak = re.search(r"VmHWM:\s+(\d+) kB", status)
            for program in ("manage.py serve", "qcluster"):
                if belongs and peak and program in command:
                    peaks[program] = max(peaks.get(program, 0), int(peak[1]) / 1024)
        return peaks


def row(name: str, *values: float) -> None:
    sys.stdout.write(f"{name:44}" + "".join(f"{value:10.2f}" for value in values) + "\n")


def measure(project: Path, folder: Path) -> None:
    site = Site(project, folder)
    with site.started() as first_start:
        row("make run, first start (s)", first_start)
    with site.started() as second_start:
        row("make run, second start (s)", second_start)
        token = site.sign_up()
        for name, size in SIZES.items():
            photo = gray_jpeg(size)
            seconds = [site.seconds_to_result(token, photo) for _ in range(UPLOADS)]
            row(f"upload to result, {name}: first, median, worst (s)",
                seconds[0], statistics.median(seconds), max(seconds))  # fmt: skip
        for program, peak in site.peak_memory().items():
            row(f"peak memory, {program} (MiB)", peak)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cold", action="store_true", help="from a fresh clone, installs included")
    arguments = parser.parse_args()
    settings.configure()  # encode_multipart asks for Django's default charset
    with TemporaryDirectory() as folder:
        project = ROOT
        if arguments.cold:
            project = Path(folder, "clone")
            subprocess.run(["git", "clone", "--quiet", ROOT, project], check=True)
        measure(project, Path(folder))


if __name__ == "__main__":
    main()
