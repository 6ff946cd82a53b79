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
import yaml

from accounts.models import User
from colorsite.wsgi import application
from tests import ROOT
from tests.factories import PASSWORD, picture_bytes
from tests.web_server import serving
from tests.worker import running_worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DESCRIPTION: Final = ROOT / "docs" / "openapi.yaml"
CONFIGURATION: Final = ROOT / "docs" / "openapi-python-client.yaml"
TUS: Final = "1.0.0"
PART_BYTES: Final = 1000


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The generated client, which can be imported."""
    folder = tmp_path_factory.mktemp("generated") / "client"
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"]
    command += ["--path", str(DESCRIPTION), "--config", str(CONFIGURATION)]
    command += ["--output-path", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    sys.path.insert(0, str(folder))
    yield folder / "tintype_client"
    sys.path.remove(str(folder))


class Api:
    """Operations by tag and name, models by module and name, as the generator lays them out."""

    def __init__(self, package: Path, port: int) -> None:
        self._package = package.name
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
def api(package: Path) -> Iterator[Api]:
    with serving(application) as server:
        yield Api(package, server.port)


def sign_up(api: Api) -> None:
    account = api.model("auth_signup", "AuthSignup", email="ada@example.org", password=PASSWORD)
    response = api.call("login.sign_up", body=account)
    assert response.status_code == 200
    api.use(response.parsed.meta.session_token)


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
    levels = api.model(
        "adjustments_request_levels_type_0", "AdjustmentsRequestLevelsType0", value="auto"
    )
    choices = api.model("adjustments_request", "AdjustmentsRequest", warmth=30, levels=levels)
    with running_worker(tmp_path):
        follow(api, version.job_url)
        colored = download(api, version)
        adjusted = api.call(
            "colorizations.replace_colorization_adjustments", version.id, body=choices
        ).parsed
        assert adjusted.adjustments.warmth == 30
        follow(api, adjusted.job_url)

    done = api.call("colorizations.get_colorization", version.id).parsed
    image = download(api, version)
    assert (done.state.value, done.is_adjusted) == ("succeeded", True)
    assert (len(image), image == colored) == (done.result_bytes, False)
    end = api.client.get_httpx_client().get(
        f"/api/v1/colorizations/{version.id}/image/", headers={"Range": "bytes=100-"}
    )
    assert (end.status_code, end.content) == (206, image[100:])

    link = api.model("share_request", "ShareRequest", album=album.id, allows_downloads=True)
    share = api.call("shares.create_share", body=link).parsed
    token = share.link.rstrip("/").rpartition("/")[2]
    (shown,) = api.call("shares.list_shared_photos", token).parsed.results
    name = api.model("get_shared_photo_file_name", "GetSharedPhotoFileName", value="image")
    shared = api.call("shares.get_shared_photo_file", token, shown.id, name)
    assert shared.parsed.payload.read() == image
    assert api.call("shares.delete_share", share.id).status_code == 204
    assert api.call("shares.list_shared_photos", token).status_code == 404

    password = api.model("auth_reauthenticate", "AuthReauthenticate", password=PASSWORD)
    assert api.call("login.reauthenticate", body=password).status_code == 200
    assert api.call("account.close_account").parsed.deletion_due_at
    assert User.objects.get().deletion_due_at is not None


def follow(api: Api, job_url: str) -> None:
    """To the end of the job: each answer comes when something has changed."""
    key = job_url.rstrip("/").rpartition("/")[2]
    job = api.call("jobs.get_job", key).parsed
    while job.finished_at is None:
        job = api.call("jobs.get_job", key, prefer="wait=20").parsed
    assert (job.state.value, job.error_code.value) == ("succeeded", "")


def download(api: Api, version: Any) -> bytes:
    image: bytes = api.call(
        "colorizations.get_colorization_image", version.id
    ).parsed.payload.read()
    return image


def test_refusals_are_typed(api: Api) -> None:
    response = api.call("albums.list_albums")
    assert (response.status_code, response.parsed.code.value) == (401, "not_authenticated")
    sign_up(api)
    empty = api.model("album_request", "AlbumRequest", title="")
    (error,) = api.call("albums.create_album", body=empty).parsed.errors
    assert error.field == "title"


def test_it_has_every_operation(package: Path) -> None:
    methods = {file.stem for file in (package / "api").glob("*/*.py")}
    paths = yaml.safe_load(DESCRIPTION.read_text())["paths"].values()
    operations = {operation["operationId"] for path in paths for operation in path.values()}
    assert methods - {"__init__"} == operations
