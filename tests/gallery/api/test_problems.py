"""Every wrong request is answered with problem details."""

from __future__ import annotations

import ast
from base64 import b64encode
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from colorizer.decoding.process import REFUSALS
from gallery.api.problems import ProblemCode
from tests import ROOT
from tests.api import address, assert_problem, client_of
from tests.factories import make_album, make_photo, make_user

pytestmark = pytest.mark.django_db


def codes_in_source() -> Iterator[str]:
    """The first argument of each UploadError and RefusedError that is written out."""
    for app in ("accounts", "colorizer", "filestore", "gallery"):
        for file in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                match node:
                    case ast.Call(
                        func=ast.Name(id="UploadError" | "RefusedError"),
                        args=[ast.Constant(value=str(code)), *_],
                    ):
                        yield code


def test_whatever_a_file_is_refused_for_is_a_known_code() -> None:
    raised = {*codes_in_source(), *(code for code, _status in REFUSALS.values())}
    assert {"busy", "damaged_film", "quota_exceeded", "too_small"} <= raised
    assert raised <= set(ProblemCode.values)


@pytest.mark.parametrize("path", ["", "films/", "photos", "photos/17/", "albums/x/photos/"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address(path: str, method: str) -> None:
    assert_problem(client_of().generic(method, f"/api/v1/{path}"), 404, "not_found")


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Not found."), ("zh-hans", "未找到。")], ids=["en", "zh"]
)
@pytest.mark.parametrize(("method", "name"), [("GET", "album-detail"), ("POST", "album-archive")])
def test_what_is_not_yours_is_not_found_in_the_language_of_the_reader(
    method: str, name: str, language: str, text: str
) -> None:
    headers = {"Accept-Language": language}
    response = client_of(make_user()).generic(method, address(name, make_album()), headers=headers)
    assert assert_problem(response, 404, "not_found")["detail"] == text


def test_a_wrong_method_names_the_right_ones() -> None:
    response = client_of(make_user()).put(address("album-list"))
    assert_problem(response, 405, "method_not_allowed")
    assert "POST" in response["Allow"]


def test_malformed_json() -> None:
    response = client_of(make_user()).post(
        address("album-list"), '{"title": ', content_type="application/json"
    )
    assert_problem(response, 400, "parse_error")


def test_a_body_that_is_no_multipart() -> None:
    response = client_of(make_user()).post(
        address("photo-list"), "nonsense", content_type="multipart/form-data"
    )
    assert_problem(response, 400, "parse_error")


def test_too_many_fields_in_one_form() -> None:
    body = {f"field{number}": "x" for number in range(1100)}
    response = client_of(make_user()).post(address("photo-list"), body)
    assert_problem(response, 400, "parse_error")


def test_an_unknown_media_type() -> None:
    response = client_of(make_user()).post(
        address("album-list"), "title: Trip", content_type="application/yaml"
    )
    assert_problem(response, 415, "unsupported_media_type")


def test_xml_is_not_acceptable() -> None:
    response = client_of(make_user()).get(address("me"), headers={"Accept": "text/xml"})
    assert_problem(response, 406, "not_acceptable")


def test_several_wrong_fields_are_all_named() -> None:
    body = {"title": "x" * 121, "visibility": "world"}
    response = client_of(make_user()).post(address("album-list"), body)
    errors = assert_problem(response, 400, "invalid")["errors"]
    assert {error["field"]: error["code"] for error in errors} == {
        "title": "max_length",
        "visibility": "invalid_choice",
    }
    assert all(error["detail"] for error in errors)


@pytest.mark.parametrize(
    "cursor",
    [
        b"no base64",
        b64encode(b"o=-1"),
        b64encode(b"o=" + b"9" * 5000),
        b64encode(b"p=yesterday"),
        b64encode(b"p=2024-02-30"),
        b64encode(b"p=10000-01-01T00:00:00Z"),
        b64encode(b"p=9999-12-31T23:59:59-23:59"),
        b64encode(b"r=1&p=0001-01-01T00:00:00%2B23:59"),
        b64encode(b"p=%00"),
        b64encode(b"p=%ED%A0%80"),
    ],
    ids=range(10),
)
def test_a_wrong_cursor(cursor: bytes) -> None:
    response = client_of(make_user()).get(address("album-list"), {"cursor": cursor.decode()})
    assert_problem(response, 404, "not_found")


def test_too_many_jobs_are_told_when_to_come_back(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"job": "2/h/user"}
    photo = make_photo(make_album(make_user()))
    client, url = client_of(photo.album.owner), address("photo-colorizations", photo)
    assert [client.post(url).status_code for _ in range(2)] == [202, 202]
    response = client.post(url)
    assert_problem(response, 429, "throttled")
    assert 0 < int(response["Retry-After"]) <= 3600
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "address", ["photos/?albums=1", "albums/?page=2", "me/?verbose", "timeline/?format=xml"]
)
def test_unknown_query_parameters_are_refused(address: str) -> None:
    response = client_of(make_user()).get(f"/api/v1/{address}")
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["code"] == "unknown_parameter"
    assert address.partition("?")[2].startswith(error["field"])


ODD_KEYS = ["\x01", "\x85", "ключ", "\ud7ff", "k" * 8000, '"', ",", "\u2028"]


@pytest.mark.parametrize("key", ODD_KEYS, ids=range(len(ODD_KEYS)))
@pytest.mark.parametrize("name", ["album-list", "upload-list", "notices-read"])
def test_odd_keys_break_nothing(name: str, key: str) -> None:
    headers = {"Idempotency-Key": key, "Tus-Resumable": "1.0.0"}
    response = client_of(make_user()).post(address(name), {}, format="json", headers=headers)
    assert response.status_code in (200, 400, 415)
    if key not in ('"', ","):
        assert_problem(response, 400, "invalid")


def test_nul_in_the_headers_is_refused() -> None:
    client, album = client_of(make_user()), make_album()
    for name in ("Idempotency-Key", "If-Match", "If-None-Match"):
        for response in (
            client.post(address("album-list"), {"title": "x"}, headers={name: "a\0b"}),
            client.get(address("album-detail", album), headers={name: "a\0b"}),
        ):
            assert_problem(response, 400, "parse_error")


DEEP = '{"title": ' * 40 + "1" + "}" * 40


@pytest.mark.parametrize(
    "body", [DEEP, "[" * 100_000, '{"title": 1e999}', b"\xff", '{"title": "\\ud800"}']
)
def test_a_body_that_nobody_means_with_a_key(body: str | bytes) -> None:
    client = client_of(make_user())
    headers = {"Idempotency-Key": "a-key"}
    for _ in range(2):
        response = client.post(
            address("album-list"), body, content_type="application/json", headers=headers
        )
        assert_problem(response, 400, "parse_error")


@pytest.mark.parametrize("body", ["[]", "null", "5", '"x"', "[[1]]", '{"": {"": []}}'])
def test_json_that_is_no_album_with_a_key(body: str) -> None:
    response = client_of(make_user()).post(
        address("album-list"),
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "a-key"},
    )
    assert_problem(response, 400, "invalid")


@pytest.mark.parametrize("etag", ["*, *", "W/*", '"' * 5000, "\x85", "0", 'W/"', '""', "ключ"])
@pytest.mark.parametrize("method", ["get", "patch", "delete", "head"])
def test_odd_etags_break_nothing(method: str, etag: str) -> None:
    album = make_album()
    url, client = address("album-detail", album), client_of(album.owner)
    headers = {"If-Match": etag, "If-None-Match": etag}
    response = client.generic(method.upper(), url, "{}", "application/json", headers=headers)
    assert response.status_code in (200, 412)
    if method in ("patch", "delete"):
        assert_problem(response, 412, "precondition_failed")


@pytest.mark.parametrize(
    "fields", ["%", "id" * 5000, "id,id,id", "__class__", "\u202eid", "results"]
)
@pytest.mark.parametrize("name", ["album-list", "me", "trash", "limits"])
def test_odd_fields_break_nothing(name: str, fields: str) -> None:
    response = client_of(make_user()).get(address(name), {"fields": fields})
    assert response.status_code == 400 or (fields == "id,id,id" and response.status_code == 200)
