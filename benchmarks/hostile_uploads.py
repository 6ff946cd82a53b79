"""A site under hostile uploads: python -m benchmarks.hostile_uploads [--project FOLDER]

Starts `make run` of this project, or of another checkout, and measures how long /healthz takes while
nine JPEGs of 882 scans and 62 megapixels (203 kB each) are uploaded at the same time, what becomes
of them and of an ordinary photo beside them, and what a JPEG of 4 kB costs that says to have 62 megapixels.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError, URLError

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from benchmarks.photographs import gray_jpeg
from benchmarks.running_site import ROOT, Site, row
from tests.hostile import SIDE, jpegs
from tests.pictures import GRADIENT, encoded

AT_ONCE = 9
ORDINARY_SIZE = (3000, 2250)
PAUSE_SECONDS = 0.1


def form_of(photo: bytes) -> bytes:
    return encode_multipart(BOUNDARY, {"image": SimpleUploadedFile("photo.jpg", photo)})


def sent(site: Site, token: str, path: str, photo: bytes) -> tuple[str, float]:
    """The answer in a word, and how long it took."""
    begin = time.perf_counter()
    try:
        site.ask(path, form_of(photo), Content_Type=MULTIPART_CONTENT, X_Session_Token=token)
        outcome = "accepted"
    except HTTPError as error:
        outcome = f"{error.code} {error.reason}"
    except (URLError, TimeoutError):
        outcome = "no answer within a minute"
    return outcome, time.perf_counter() - begin


def latency(site: Site) -> float:
    begin = time.perf_counter()
    with suppress(URLError, TimeoutError):
        site.ask("/healthz")
    return time.perf_counter() - begin


def worst_latency(site: Site, uploads: list[Future[tuple[str, float]]]) -> float:
    worst = latency(site)
    while wait(uploads, timeout=PAUSE_SECONDS).not_done:
        worst = max(worst, latency(site))
    return worst


def measure_scans(site: Site, token: str) -> None:
    bomb = jpegs.scanned(SIDE, 882)
    with ThreadPoolExecutor(AT_ONCE + 1) as threads:
        uploads = [
            threads.submit(sent, site, token, "/api/v1/photos/", bomb) for _ in range(AT_ONCE)
        ]
        ordinary = threads.submit(sent, site, token, "/api/v1/photos/", gray_jpeg(ORDINARY_SIZE))
        row(f"/healthz while {AT_ONCE} of {len(bomb):,} bytes arrive", worst_latency(site, uploads))
    outcomes = Counter(upload.result()[0] for upload in uploads)
    row(f"  their answers: {dict(outcomes)}", max(upload.result()[1] for upload in uploads))
    row(f"  an ordinary photo: {ordinary.result()[0]}", ordinary.result()[1])


def measure_size(site: Site, token: str) -> None:
    small = encoded(GRADIENT.resize((640, 480)), "JPEG", progressive=True)
    forged = jpegs.with_size(small, SIDE, SIDE)
    outcome, seconds = sent(site, token, "/api/v1/photos/", forged)
    row(f"{len(forged):,} bytes that say {SIDE} x {SIDE}: {outcome}", seconds)
    if outcome == "accepted":
        row("  until it is colorized", site.seconds_to_result(token, forged, pause=1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, default=ROOT, help="the checkout to be measured")
    arguments = parser.parse_args()
    settings.configure()  # encode_multipart asks for Django's default charset
    with TemporaryDirectory() as folder:
        site = Site(arguments.project, Path(folder))
        with site.started():
            token = site.sign_up()
            row("/healthz, nobody else", max(latency(site) for _ in range(20)))
            measure_size(site, token)
            measure_scans(site, token)


if __name__ == "__main__":
    main()
