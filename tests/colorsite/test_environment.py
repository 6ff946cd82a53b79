"""Settings come from environment variables; a bad one stops the start with one sentence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from colorsite.environment import BASE_DIR, Environment, load_environment
from colorsite.own_files import load_secret_key

MANAGE = [sys.executable, "manage.py", "diffsettings"]
SERVE = [sys.executable, "manage.py", "serve"]


def run(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(
        command,
        env=environment,
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", [MANAGE, SERVE], ids=["manage.py", "serve"])
def test_a_bad_value_stops_the_start_with_one_sentence(command: list[str]) -> None:
    response = run(command, PORT="eighty")

    assert response.returncode == 1
    assert response.stdout == ""
    assert response.stderr.strip() == (
        "The environment variable PORT cannot be used (Input should be a valid integer, unable to parse "
        "string as an integer): write the port the web server listens on, 1 to 65535, "
        "for example PORT=8080"
    )


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("PORT", "70000", "less than or equal to 65535"),
        ("HOST", "0.0.0.0:8000", "than a name or an IP address"),
        ("HOST", "http://localhost", "than a name or an IP address"),
        ("HOST", "[::1]", "than a name or an IP address"),
        ("DEBUG", "perhaps", "valid boolean"),
        ("WORKERS", "0", "greater than or equal to 1"),
        ("DATABASE_URL", "mongodb://localhost", "only sqlite:// and postgres:// are known"),
        ("MEDIA_STORAGE", "gs://photos", "neither a folder nor s3://bucket"),
        ("MEDIA_STORAGE", "s3:/photos", "neither a folder nor s3://bucket"),
        ("MEDIA_STORAGE", "s3://", "neither a folder nor s3://bucket"),
        ("MEDIA_STORAGE", "s3://My_Photos", "neither a folder nor s3://bucket"),
        ("MEDIA_STORAGE", "s3://photos/../others", "neither a folder nor s3://bucket"),
        ("AWS_S3_ENDPOINT_URL", "minio:9000", "not a web address"),
        ("REDIS_URL", "localhost:6379", "not the address of a Redis server"),
        ("SITE_URL", "photos.example.org", "not a web address"),
        ("SITE_URL", "https://example.org/photos", "more than scheme, host and port"),
        ("SITE_URL", "https://me@example.org", "more than scheme, host and port"),
        ("SITE_URL", "https://example.org:99999", "out of range"),
        ("SITE_NAME", "two\nlines", "should match pattern"),
        ("SITE_NAME", "a" * 61, "should match pattern"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("LOG_LEVEL", "loud", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("MAX_UPLOAD_BYTES", "50MB", "valid integer"),
        ("ADMIN_EMAIL", "root", "should match pattern"),
        ("ADMIN_EMAIL", "r\u00f6ot@example.org", "should match pattern"),
        ("SITE_URL", "https://old town.example.org", "a name that no host has"),
        ("SITE_URL", "https://old_town.example.org", "a name that no host has"),
        ("HOST", "*", "than a name or an IP address"),
        ("ALLOWED_HOSTS", "a.example.org,https://b.example.org", "https://b.example.org is more"),
        ("ALLOWED_HOSTS", "a.example.org:8000", "more, or less, than the name of a host"),
        ("AWS_S3_ENDPOINT_URL", "http://minio:nine", "Port could not be cast"),
        ("REDIS_URL", "redis://localhost:port/0", "Port could not be cast"),
        ("MAX_FILM_SECONDS", "inf", "a finite number"),
        ("EMAIL_HOST", "mail.example.org:25", "should match pattern"),
        ("EMAIL_HOST", "smtp://mail.example.org", "should match pattern"),
        ("DEFAULT_FROM_EMAIL", "Photos, Old Town <photos@example.org>", "a comma needs quotes"),
        ("DEFAULT_FROM_EMAIL", "Tintype", "not one address"),
        ("DEFAULT_FROM_EMAIL", "a@example.org, b@example.org", "not one address"),
        ("DEFAULT_FROM_EMAIL", "a@example.org\nBcc: b@example.org", "not one address"),
    ],
)
def test_the_sentence_names_variable_problem_and_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    monkeypatch.setenv(name, value)
    load_environment.cache_clear()
    try:
        with pytest.raises(SystemExit) as stop:
            load_environment()
    finally:
        load_environment.cache_clear()

    sentence = str(stop.value)
    assert sentence.startswith(f"The environment variable {name} cannot be used (")
    assert problem in sentence
    assert f"for example {name}=" in sentence
    assert "\n" not in sentence


def test_a_secret_value_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    response = run(MANAGE, SECRET_KEY="hunter2")

    assert response.returncode == 1
    assert "hunter2" not in response.stderr


@pytest.mark.parametrize("name", ["DATA_DIR", "MEDIA_STORAGE"])
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, name: str) -> None:
    file = tmp_path / "file"
    file.touch()
    response = run(MANAGE, **{name: str(file / "folder")})

    assert response.returncode == 1
    assert response.stderr.startswith(f"The environment variable {name} cannot be used (")
    assert "Traceback" not in response.stderr


def test_every_example_is_a_value_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, field in Environment.model_fields.items():
        assert field.examples, name
        monkeypatch.setenv(
            name, field.examples[0].ljust(32, ".") if name == "SECRET_KEY" else field.examples[0]
        )
    Environment()


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    assert Environment().PORT == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "https://a.example.org"),
        ("LOG_LEVEL", "ERROR"),
        ("DEFAULT_FROM_EMAIL", "a@b.org"),
    ],
)
def test_spaces_around_a_value_are_none_of_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """As a file leaves a line break behind."""
    monkeypatch.setenv(name, f" {value}\n")
    assert getattr(Environment(), name) == value


@pytest.mark.parametrize("name", ["SECRET_KEY", "METRICS_TOKEN", "SITE_NAME", "EMAIL_HOST"])
def test_nothing_but_spaces_means_the_default(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, " " * 40)
    assert getattr(Environment(), name) == Environment.model_fields[name].default


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "*,.example.org,[::1],10.0.0.1"),
        ("EMAIL_HOST", "mail_server"),
        ("EMAIL_HOST", "2001:db8::25"),
        ("DEFAULT_FROM_EMAIL", '"Photos, Old Town" <photos@example.org>'),
        ("DEFAULT_FROM_EMAIL", "tintype@localhost"),
    ],
)
def test_unusual_values_that_work(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    found = getattr(Environment(), name)
    assert (",".join(found) if isinstance(found, list) else found) == value


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example.org, b.example.org,")
    assert Environment().ALLOWED_HOSTS == ["a.example.org", "b.example.org"]


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    environment = Environment(DATA_DIR=tmp_path)
    key = load_secret_key(environment)

    assert len(key) >= 50
    assert load_secret_key(environment) == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_an_https_site_has_secure_cookies_and_trusts_its_own_host(tmp_path: Path) -> None:
    response = run(
        MANAGE, SITE_URL="https://photos.example.org", TRUSTED_PROXIES="1", DATA_DIR=str(tmp_path)
    )

    assert response.returncode == 0, response.stderr
    for line in (
        "SESSION_COOKIE_SECURE = True",
        "CSRF_COOKIE_SECURE = True",
        "SECURE_SSL_REDIRECT = True",
        "SESSION_COOKIE_NAME = '__Host-sessionid'",
        "CSRF_COOKIE_NAME = '__Host-csrftoken'",
        "SECURE_HSTS_SECONDS = 2592000",
        "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')",
        "CSRF_TRUSTED_ORIGINS = ['https://photos.example.org']",
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL = 'https'",
    ):
        assert re.search(rf"^{re.escape(line)}", response.stdout, re.MULTILINE), line


def test_photos_can_be_kept_in_a_bucket(tmp_path: Path) -> None:
    response = run(
        MANAGE,
        MEDIA_STORAGE="s3://photos/of/tintype/",
        AWS_S3_ENDPOINT_URL="http://localhost:9000",
        DATA_DIR=str(tmp_path),
    )

    assert response.returncode == 0, response.stderr
    assert "'BACKEND': 'filestore.buckets.BucketStorage'" in response.stdout
    for option in (
        "'bucket_name': 'photos'",
        "'location': 'of/tintype'",
        "'endpoint_url': 'http://localhost:9000'",
    ):
        assert option in response.stdout


def test_debug_is_off_unless_asked_for() -> None:
    assert Environment.model_fields["DEBUG"].default is False


@pytest.mark.parametrize("name", Environment.model_fields)
def test_every_variable_is_in_the_table_of_the_documentation(name: str) -> None:
    table = (BASE_DIR / "docs/configuration.md").read_text()
    field = Environment.model_fields[name]
    assert field.description
    assert f"| `{name}` | " in table
    assert field.description in table


def test_the_table_of_the_documentation_has_no_other_variable() -> None:
    table = (BASE_DIR / "docs/configuration.md").read_text()
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(Environment.model_fields)
