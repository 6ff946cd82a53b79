"""`make run` as a person uses it: one command starts everything, Ctrl-C stops everything."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from colorsite.environment import BASE_DIR

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 180  # for machines that do much else at the same time


def free_port() -> int:
    """Below those that the system gives out by itself: nobody gets it before the site has it."""
    while True:
        port = random.randrange(20_000, 30_000)  # noqa: S311  (chance, not secrets)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def _environment_of_a_terminal() -> dict[str, str]:
    """Without what `make test` tells a make below it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}


class Site:
    """A site of its own in a folder, with all its output in one file."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.port = free_port()
        self.log = folder / "output.log"
        self.variables = {
            **_environment_of_a_terminal(),
            "PORT": str(self.port),
            "DATA_DIR": str(folder / "var"),
            "MEDIA_STORAGE": str(folder / "media"),
            **variables,
        }

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        with (
            self.log.open("wb") as output,
            # A session of its own, so that a signal can go to the whole group as a terminal sends it.
            subprocess.Popen(
                ["make", "run"],
                cwd=BASE_DIR,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ) as make,
        ):
            try:
                yield make
            finally:
                if make.poll() is None:
                    self.press_ctrl_c(make)

    def press_ctrl_c(self, make: subprocess.Popen[bytes]) -> None:
        os.killpg(make.pid, signal.SIGINT)
        make.wait(PATIENCE_SECONDS)

    def wait_until(self, pattern: str, make: subprocess.Popen[bytes]) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.log.read_text()):
                return found.group()
            assert make.poll() is None, self.log.read_text()
            time.sleep(0.1)
        pytest.fail(f"{pattern!r} was not printed:\n{self.log.read_text()}")

    def wait_until_gone(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert self.processes() == []

    def static_file(self, name: str) -> str:
        """Its address, with the fingerprint that the page asks for."""
        manifest = Path(self.variables["DATA_DIR"], "static/staticfiles.json")
        return "/static/" + str(json.loads(manifest.read_text())["paths"][name])

    def processes(self) -> list[str]:
        """Every process with this site's DATA_DIR in its environment."""
        mark = f"DATA_DIR={self.variables['DATA_DIR']}".encode()
        return [
            process.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
            for process in Path("/proc").glob("[0-9]*")
            if mark in environment_of(process)
        ]


def environment_of(process: Path) -> list[bytes]:
    try:
        return process.joinpath("environ").read_bytes().split(b"\0")
    except OSError:  # it ended meanwhile, or is another user's
        return []


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site that starts for the first time."""
    return tmp_path_factory.mktemp("first")


@pytest.fixture(scope="module")
def started_before(first: Path, migrated_sqlite: Path) -> Path:
    """What a first start leaves: that of the first test, or made alike where it was not run."""
    folder = first / "var"
    if not folder.exists():
        folder.mkdir()
        shutil.copyfile(migrated_sqlite, folder / "db.sqlite3")
        own = {**_environment_of_a_terminal(), "DATA_DIR": str(folder)}
        for command in (
            ["make", f"DATA_DIR={folder}", f"{folder}/static/staticfiles.json"],
            [".venv/bin/python", "manage.py", "prepare"],
        ):
            subprocess.run(command, cwd=BASE_DIR, env=own, check=True)
    return folder


@pytest.fixture
def folder(tmp_path: Path, started_before: Path) -> Path:
    """Of a site that was started before."""
    shutil.copytree(started_before, tmp_path / "var")
    return tmp_path


@pytest.fixture
def site(folder: Path) -> Site:
    """Without workers for films: each process that loads torch costs seconds of a core."""
    return Site(folder, VIDEO_WORKERS="0")


def status_of(port: int, path: str) -> int:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
        status: int = response.status
        return status


def test_one_command_starts_everything_and_ctrl_c_stops_everything(first: Path) -> None:
    site = Site(first)
    with site.running() as make:
        site.wait_until(rf"Tintype is ready: open http://127\.0\.0\.1:{site.port}", make)
        site.wait_until(r"Q Cluster .* running", make)
        assert status_of(site.port, "/healthz") == HTTPStatus.OK
        assert status_of(site.port, "/") == HTTPStatus.OK
        assert status_of(site.port, site.static_file("vendor/htmx/htmx.min.js")) == HTTPStatus.OK
        site.wait_until(r'method=GET path="/healthz" status=200', make)
        with pytest.raises(HTTPError, match="404"):
            status_of(site.port, "/api/v1/%0Aforged")
        for program in ("supervisord", "manage.py serve", "qcluster"):
            assert program in str(site.processes())
        site.press_ctrl_c(make)

    assert site.processes() == []
    with pytest.raises(URLError, match="refused"):
        status_of(site.port, "/healthz")
    assert_lines_name_time_and_process(site.log.read_text())


@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
def test_a_closed_terminal_leaves_nothing_behind(site: Site, name: str) -> None:
    with site.running() as make:
        site.wait_until(r"Q Cluster .* running", make)
        os.killpg(make.pid, signal.Signals[name])
        make.wait(PATIENCE_SECONDS)
        site.wait_until_gone()


def assert_lines_name_time_and_process(log: str) -> None:
    _announcement, lines = log.split("shown only this once.\n")
    for line in lines.splitlines():
        assert re.match(r"\d{4}-\d\d-\d\d [\d:,]{12} (web|worker) +[A-Z]+ |make: ", line), line


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "http", "The environment variable PORT cannot be used"),
        (
            "DATABASE_URL",
            "postgres://127.0.0.1:1/none",
            "check the environment variable DATABASE_URL",
        ),
        ("HOST", "192.0.2.1", "The web server cannot listen on 192.0.2.1"),
    ],
)
def test_a_bad_value_stops_the_start(folder: Path, name: str, value: str, sentence: str) -> None:
    site = Site(folder, **{name: value})
    with site.running() as make:
        assert make.wait(PATIENCE_SECONDS) == 2
    output = site.log.read_text()
    assert sentence in output
    assert "Traceback" not in output
    assert site.processes() == []


def test_a_port_in_use_is_named(site: Site) -> None:
    with socket.create_server(("127.0.0.1", site.port)), site.running() as make:
        assert make.wait(PATIENCE_SECONDS) == 2
    assert f"choose another port, for example PORT={site.port + 1}" in site.log.read_text()
