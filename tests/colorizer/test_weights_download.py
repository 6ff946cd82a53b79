"""Downloads of weights from a real server that breaks off, moves, lies or is not there."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPMessage
from io import BytesIO
from pathlib import Path
from urllib.request import Request

import pytest

from colorizer.weights_store import download as downloads
from colorizer.weights_store.download import DiskSpaceError, DownloadError, download
from colorsite.environment import BASE_DIR
from tests.file_server import FileServer, Proxy, dead_address, running

CONTENT = os.urandom(3_000_000)
CUT = 2_000_000


@pytest.fixture
def server() -> Iterator[FileServer]:
    server = FileServer(CONTENT)
    with running(server):
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "weights.pth"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "PAUSE_SECONDS", 0.01)
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def leave_unfinished(server: FileServer, target: Path) -> None:
    """As a killed process does: no more answers come after the first bytes."""
    server.breaks = [CUT] + [0] * downloads.TRIES_WITHOUT_PROGRESS
    with pytest.raises(DownloadError):
        download([server.address()], target)
    assert names_in(target.parent) == ["weights.pth.part", "weights.pth.part.json"]
    server.ranges.clear()


def test_the_file_comes_whole_and_alone(server: FileServer, target: Path) -> None:
    assert download([server.address()], target) == server.address()
    assert target.read_bytes() == CONTENT
    assert names_in(target.parent) == ["weights.pth"]


def test_a_broken_line_is_gone_on_with(server: FileServer, target: Path) -> None:
    server.breaks = [1_000_000, 1_000_000]
    download([server.address()], target)
    assert target.read_bytes() == CONTENT
    assert server.ranges == ["", "bytes=1000000-", "bytes=2000000-"]


def test_a_later_call_goes_on(server: FileServer, target: Path) -> None:
    leave_unfinished(server, target)
    download([server.address()], target)
    assert target.read_bytes() == CONTENT
    assert server.ranges == [f"bytes={CUT}-"]
    assert names_in(target.parent) == ["weights.pth"]


def test_a_file_that_has_changed_is_begun_again(server: FileServer, target: Path) -> None:
    leave_unfinished(server, target)
    server.content = CONTENT[::-1]
    download([server.address()], target)
    assert target.read_bytes() == server.content


def test_what_came_from_another_address_is_not_mixed_in(server: FileServer, target: Path) -> None:
    leave_unfinished(server, target)
    download([server.address("/mirror/weights.pth")], target)
    assert target.read_bytes() == CONTENT
    assert server.ranges == [""]


def test_a_server_that_cannot_say_which_file_it_has_is_asked_for_all(
    server: FileServer, target: Path
) -> None:
    server.has_validator = False
    server.breaks = [CUT]
    download([server.address()], target)
    assert target.read_bytes() == CONTENT
    assert server.ranges == ["", ""]


def test_a_file_of_untold_length(server: FileServer, target: Path) -> None:
    server.has_length = False
    download([server.address()], target)
    assert target.read_bytes() == CONTENT


def test_a_redirect_is_followed_and_gone_on_with(server: FileServer, target: Path) -> None:
    server.breaks = [CUT]
    download([server.address("/moved/weights.pth")], target)
    assert target.read_bytes() == CONTENT
    assert server.ranges[-1] == f"bytes={CUT}-"


def test_a_redirect_from_https_to_http_is_refused() -> None:
    asked = Request("https://example.org/weights.pth")
    answer = (BytesIO(), 302, "Found", HTTPMessage(), "http://example.org/weights.pth")
    with pytest.raises(downloads._NotTheFileError, match="from https to http://"):
        downloads._RedirectHandler().redirect_request(asked, *answer)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/page", "127.0.0.1: it answers with a web page instead of the file"),
        ("/missing", "127.0.0.1: it answers 404 Not Found"),
    ],
)
def test_an_answer_that_is_not_the_file(
    server: FileServer, target: Path, path: str, reason: str
) -> None:
    with pytest.raises(DownloadError, match=reason):
        download([server.address(path)], target)
    assert names_in(target.parent) == []
    assert len(server.ranges) == 1


def test_the_next_address_is_asked(server: FileServer, target: Path) -> None:
    addresses = [dead_address(), server.address("/page"), server.address()]
    assert download(addresses, target) == server.address()
    assert target.read_bytes() == CONTENT


def test_every_address_is_named_with_its_reason(server: FileServer, target: Path) -> None:
    with pytest.raises(DownloadError) as failure:
        download([dead_address(), server.address("/missing")], target)
    assert "Connection refused" in str(failure.value)
    assert "404" in str(failure.value)


def test_offline_is_told_with_a_way_out(target: Path) -> None:
    with pytest.raises(DownloadError) as failure:
        download(["https://weights.invalid/weights.pth"], target)
    assert "weights.pth could not be fetched. weights.invalid: " in str(failure.value)
    assert "offline, fetch the file on another one" in str(failure.value)
    assert "manage.py weights install FILE" in str(failure.value)


def test_the_proxy_of_the_environment_is_used(
    server: FileServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy()
    monkeypatch.setenv("http_proxy", proxy.address)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with running(proxy):
        download([server.address()], target)
    assert proxy.asked_for == [server.address()]
    assert target.read_bytes() == CONTENT


def test_a_disk_that_is_too_small_is_known_before(server: FileServer, target: Path) -> None:
    with pytest.raises(DiskSpaceError, match=r"short of space: [\d,.]+ MB are needed"):
        download([server.address()], target, copies_to_come=10**9)
    assert names_in(target.parent) == []


def test_a_disk_that_gets_full_keeps_what_came(server: FileServer, target: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from colorizer.weights_store.download import *\n"
        "try: download([sys.argv[1]], Path(sys.argv[2]))\n"
        "except DiskSpaceError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, server.address(), str(target)],
        cwd=BASE_DIR,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (CUT, CUT)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "weights.pth cannot be written any further (File too large)" in done.stdout
    download([server.address()], target)
    assert target.read_bytes() == CONTENT
    assert server.ranges[-1].startswith("bytes=")
