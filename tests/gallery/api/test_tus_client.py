"""A client that others wrote, against the site's own web server, over a line that breaks again and again."""

from __future__ import annotations

import hashlib
import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from colorsite.wsgi import application
from filestore.models import StoredFile, Upload
from gallery.models import Photo
from tests import ROOT
from tests.api import token_of
from tests.factories import make_user, picture_bytes, stored_files
from tests.web_server import serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CUTS = 5
CHUNK_BYTES = 300_000
CONTENT = picture_bytes() + Random(1).randbytes(3_000_000)  # noqa: S311  (chance, not secrets)


class CutLine:
    """Hands on what a client sends, and breaks the line each time that so much has come, a few times."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._budget = CHUNK_BYTES * 5 // 4
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self._port))
                threading.Thread(target=self._send, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(client, server), daemon=True).start()

    def _send(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(2**14):
                self._budget -= len(data)
                if self._budget <= 0 and self.cuts < CUTS:
                    self._budget = CHUNK_BYTES * 5 // 4
                    self.cuts += 1
                    break
                server.sendall(data)
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(2**14):
                client.sendall(data)


@contextmanager
def cut_line() -> Iterator[CutLine]:
    with serving(application) as server, closing(CutLine(server.port)) as line:
        yield line


def test_a_file_arrives_once_over_a_line_that_breaks(tmp_path: Path) -> None:
    path = tmp_path / "grandmother.jpg"
    path.write_bytes(CONTENT)
    user = make_user()
    with cut_line() as line:
        site = f"http://127.0.0.1:{line.port}"
        command = [
            "node",
            str(ROOT / "tests" / "tus_client.cjs"),
            site,
            token_of(user),
            str(path),
            str(CHUNK_BYTES),
        ]
        run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    response = json.loads(run.stdout)
    assert (line.cuts, response["status"]) == (CUTS, 201)
    [photo] = response["photos"]
    assert photo["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert (photo["original_name"], photo["bytes"]) == ("grandmother.jpg", len(CONTENT))
    assert (Photo.objects.count(), Upload.objects.get().state) == (1, Upload.State.USED)
    assert len(stored_files()) == StoredFile.objects.count() == 4
