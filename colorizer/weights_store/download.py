"""Downloads of large files: gone on with where they broke off, and there whole or not at all.

urllib takes the proxies from the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) and the trusted
certificates from the system.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from tqdm import tqdm

from colorizer.engine.errors import ColorizerError
from colorizer.weights_store.unfinished_file import Origin, UnfinishedFile

TIMEOUT_SECONDS = 30
TRIES_WITHOUT_PROGRESS = 4
PAUSE_SECONDS = 1.0
CHUNK_BYTES = 2**20
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
PAGES = ("text/html", "application/xhtml+xml")


class DownloadError(ColorizerError):
    """The file could not be fetched; the message says from where, why and what to do."""


class DiskSpaceError(DownloadError):
    """The disk is full, or would be."""


class _NotTheFileError(Exception):
    """The server answers, but not with the file: no use in asking it again."""


class _RedirectHandler(HTTPRedirectHandler):
    """What was asked for by https is not taken from where anybody on the way may answer."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise _NotTheFileError(f"it redirects from https to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(addresses: Sequence[str], destination: Path, *, copies_to_come: int = 0) -> str:
    """Fetch a file from the first address that gives it whole.

    What came before a failure, or before Ctrl-C, is kept beside `destination` for the next call.

    Args:
        addresses: http or https, asked in this order.
        destination: in a folder that exists; appears only when the file is complete.
        copies_to_come: how many files of the same size the caller will write on the same disk.

    Returns:
        The address that gave the file.

    Raises:
        DiskSpaceError: the disk has not enough room.
        DownloadError: no address gave the file.
    """
    unfinished = UnfinishedFile(destination)
    problems = []
    for address in addresses:
        try:
            _fetch_persistently(address, unfinished, copies_to_come)
        except (OSError, HTTPException, _NotTheFileError) as error:
            problems.append(f"{urlsplit(address).hostname}: {_reason(error)}")
        else:
            unfinished.finish()
            return address
    raise DownloadError(_summary(destination.name, problems, unfinished.size))


def _fetch_persistently(address: str, unfinished: UnfinishedFile, copies_to_come: int) -> None:
    """A line that breaks off is tried again; a server that has given nothing is not."""
    opener = build_opener(_RedirectHandler)
    tries = TRIES_WITHOUT_PROGRESS
    while not unfinished.is_complete_from(address):
        had = unfinished.size
        try:
            return _fetch(opener, address, unfinished, copies_to_come)
        except (OSError, HTTPException):
            tries = 1 if unfinished.size > had else tries + 1
            if tries > TRIES_WITHOUT_PROGRESS:
                raise
        time.sleep(PAUSE_SECONDS * 2 ** (tries - 1))
    return None


def _fetch(
    opener: OpenerDirector, address: str, unfinished: UnfinishedFile, copies_to_come: int
) -> None:
    had = unfinished.size
    headers = {"User-Agent": "tintype", **unfinished.request_headers(address)}
    request = Request(address, headers=headers)  # noqa: S310  (http, https: all that is in the model registry)
    with opener.open(request, timeout=TIMEOUT_SECONDS) as response:
        _check_is_file(response.headers)
        start, total = _extent(response, had)
        _check_space(unfinished.destination.parent, start, total, copies_to_come)
        with _disk_errors(unfinished):
            file = (
                unfinished.append()
                if start
                else unfinished.begin(_origin(address, response.headers, total))
            )
        with file:
            _copy(response, file, unfinished, total)
    if total is not None and unfinished.size != total:
        raise ConnectionError(f"the connection broke off after {_megabytes(unfinished.size)}")


def _check_is_file(headers: HTTPMessage) -> None:
    if headers.get_content_type() in PAGES:
        raise _NotTheFileError("it answers with a web page instead of the file")


def _extent(response: Any, had: int) -> tuple[int, int | None]:
    """Where the answer begins in the file, and how long the whole file is, if that is known."""
    span = CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if response.status == HTTPStatus.PARTIAL_CONTENT and span and int(span[1]) == had:
        return had, int(span[2])
    if response.status != HTTPStatus.OK:
        raise _NotTheFileError(f"it answers {response.status} with another part of the file")
    length = response.headers.get("Content-Length")
    return 0, int(length) if length else None


def _origin(address: str, headers: HTTPMessage, total: int | None) -> Origin | None:
    etag = headers.get("ETag", "")
    is_strong = etag and not etag.startswith("W/")
    validator = etag if is_strong else headers.get("Last-Modified", "")
    return Origin(address, validator, total) if validator and total else None


def _check_space(folder: Path, start: int, total: int | None, copies_to_come: int) -> None:
    needed = (total or 0) * (1 + copies_to_come) - start
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DiskSpaceError(
            f"The disk of {folder} is short of space: {_megabytes(needed)} are needed, "
            f"{_megabytes(free)} are free. Make room and run the same command again."
        )


def _copy(
    response: IO[bytes], file: IO[bytes], unfinished: UnfinishedFile, total: int | None
) -> None:
    name = unfinished.destination.name
    with tqdm(
        desc=name,
        total=total,
        initial=unfinished.size,
        unit="B",
        unit_scale=True,
        disable=None,
    ) as bar:
        while chunk := response.read(CHUNK_BYTES):
            with _disk_errors(unfinished):
                file.write(chunk)
                file.flush()
            bar.update(len(chunk))


@contextmanager
def _disk_errors(unfinished: UnfinishedFile) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DiskSpaceError(
            f"{unfinished.destination.name} cannot be written any further ({error.strerror}). "
            "Make room and run the same command again: it goes on from there."
        ) from error


def _reason(error: Exception) -> str:
    if isinstance(error, HTTPError):
        return f"it answers {error.code} {error.reason}"
    if isinstance(error, TimeoutError):
        return f"no answer within {TIMEOUT_SECONDS} seconds"
    return str(error.reason if isinstance(error, URLError) else error)


def _summary(name: str, problems: list[str], had: int) -> str:
    kept = f" The same command goes on from the {_megabytes(had)} that came." if had else ""
    return (
        f"{name} could not be fetched. {'; '.join(problems)}.{kept} If this machine is offline, "
        "fetch the file on another one and run here: manage.py weights install FILE"
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
