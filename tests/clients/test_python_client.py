"""A typed client, generated from the committed description, drives the real web server and a real worker."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

from accounts.models import User
from colorsite.wsgi import application
from tests import ROOT
from tests.factories import PASSWORD, picture_bytes
from tests.web_server import serving
from tests.worker import running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DESCRIPTION: Final = ROOT / "docs" / "openapi.yaml"
CONFIGURATION: Final = ROOT / "tests" / "clients" / "openapi-python-client.yaml"
TUS: Final = "1.0.0"
PART_BYTES: Final = 1000


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name under which the generated client can be imported."""
    folder = tmp_path_factory.mktemp("generated")
    generator = Path(sys.executable).with_name("openapi-python-client")
    inputs = ["--path", str(DESCRIPTION), "--config", str(CONFIGURATION)]
    output = ["--output-path", str(folder / "site_client"), "--meta", "none", "--fail-on-warning"]
    subprocess.run([generator, "generate", *inputs, *output], check=True, capture_output=True)
    sys.path.insert(0, str(folder))
    yield "site_client"
    sys.path.remove(str(folder))


class Api:
    """Operations by tag and name, models by module and name, as the generator lays them out."""

    def __init__(self, package: str, port: int) -> None:
        self._package = package
        self._address = f"http://127.0.0.1:{port}"
        self.client = self._module("client").Client(base_url=self._address)

    def use(self, token: str) -> None:
        self.client = self._module("client").AuthenticatedClient(
            self._address, token, prefix="", auth_header_name="X-Session-Token"
        )

    def call(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        module = self._module(f"api.{operation}")
        return module.sync_detailed(*args, client=self.client, **kwargs)

    def model(self, module: str, name: str, **fields: Any) -> Any:
        return getattr(self._module(f"models.{module}"), name)(**fields)

    def file(self, content: bytes, name: str = "") -> Any:
        return self._module("types").File(payload=content, file_name=name)

    def _module(self, name: str) -> ModuleType:
        return import_module(f"{self._package}.{name}")


@pytest.fixture
def api(package: str) -> Iterator[Api]:
    with serving(application) as server:
        yield Api(package, server.port)


def sign_up(api: Api) -> None:
    account = api.model("auth_signup", "AuthSignup", email="ada@example.org", password=PASSWORD)
    answer = api.call("login.sign_up", body=account)
    assert answer.status_code == 200
    api.use(answer.parsed.meta.session_token)


def upload_in_parts(api: Api, content: bytes, album: str) -> Any:
    """As over a bad line: the first part is sent twice, because its response was lost."""
    names = {"filename": "grandmother.jpg", "album": album}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in names.items())
    begun = api.call(
        "uploads.create_upload",
        tus_resumable=TUS,
        upload_length=str(len(content)),
        upload_metadata=metadata,
    )
    assert begun.status_code == 201
    upload = begun.headers["Location"].rstrip("/").rpartition("/")[2]
    for begin in (0, *range(0, len(content), PART_BYTES)):
        sent = api.call(
            "uploads.send_upload",
            upload,
            body=api.file(content[begin : begin + PART_BYTES]),
            tus_resumable=TUS,
            upload_offset=str(begin),
        )
        assert sent.status_code == (204 if begin or not sent.parsed else 409)
    (photo,) = api.call("uploads.create_upload_photos", upload).parsed
    return photo


def test_from_sign_up_to_the_end_of_the_account(api: Api, tmp_path: Path) -> None:
    sign_up(api)
    album = api.call(
        "albums.create_album", body=api.model("album_request", "AlbumRequest", title="Attic")
    ).parsed
    content = picture_bytes(200, 120)
    photo = upload_in_parts(api, content, str(album.id))
    assert (photo.width, photo.height, photo.bytes_) == (200, 120, len(content))

    order = api.model("colorization_options_request", "ColorizationOptionsRequest", render_factor=8)
    version = api.call("photos.create_photo_colorization", photo.id, body=order).parsed
    with running_worker(tmp_path):
        wait_until(lambda: ask(api, version).finished_at is not None, "the end of the colorization")
    done = ask(api, version)
    assert (done.state.value, done.error_code.value) == ("succeeded", "")

    image = api.call("colorizations.get_colorization_image", version.id).parsed.payload.read()
    assert len(image) == done.result_bytes
    end = api.client.get_httpx_client().get(
        f"/api/v1/colorizations/{version.id}/image/", headers={"Range": "bytes=100-"}
    )
    assert (end.status_code, end.content) == (206, image[100:])

    password = api.model("auth_reauthenticate", "AuthReauthenticate", password=PASSWORD)
    assert api.call("login.reauthenticate", body=password).status_code == 200
    assert api.call("account.close_account").parsed.deletion_due_at
    assert User.objects.get().deletion_due_at is not None


def ask(api: Api, version: Any) -> Any:
    return api.call("colorizations.get_colorization", version.id).parsed


def test_refusals_are_typed(api: Api) -> None:
    answer = api.call("albums.list_albums")
    assert (answer.status_code, answer.parsed.code.value) == (401, "not_authenticated")
    sign_up(api)
    empty = api.model("album_request", "AlbumRequest", title="")
    (error,) = api.call("albums.create_album", body=empty).parsed.errors
    assert error.field == "title"
