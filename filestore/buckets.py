"""An S3 bucket for the bytes. Apart, since only sites that have one need to load boto3 in each of their processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from filestore.errors import StorageUnavailableError
from filestore.storages import MediaStorage, Section

# Threads of the web server wait for it: a bucket that is silent must not hold all of them for minutes.
PATIENCE: Final = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 2},
)
# It is not about one file: the keys are not accepted, there are too many requests, or the server has failed.
UNAVAILABLE: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)


@contextmanager
def _errors_of_files() -> Iterator[None]:
    """Whoever reads or writes a file expects OSError, wherever it lies."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        kind = StorageUnavailableError if _is_unavailable(error) else OSError
        raise kind(f"The bucket did not answer as it should: {error}") from error


def _is_unavailable(error: BotoCoreError | ClientError) -> bool:
    if isinstance(error, BotoCoreError):
        return True
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status in UNAVAILABLE or error.response["Error"]["Code"] == "NoSuchBucket"


class BucketSection(Section):
    """A line that breaks is an error of files here, too."""

    @_errors_of_files()
    def _next_bytes(self, buffer: memoryview) -> int:
        return super()._next_bytes(buffer)


class BucketStorage(MediaStorage, S3Storage):  # type: ignore[misc]  # django-storages has no types
    """A bucket. django-storages would fetch a whole file to read a byte of it: sections are asked for here."""

    client_config: Config

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config = self.client_config.merge(PATIENCE)

    @_errors_of_files()
    def exists(self, name: str) -> bool:
        return bool(super().exists(name))

    @_errors_of_files()
    def _save(self, name: str, content: File[bytes]) -> str:
        saved: str = super()._save(name, content)
        return saved

    @_errors_of_files()
    def delete(self, name: str) -> None:
        super().delete(name)

    def delete_all(self, names: Sequence[str]) -> dict[str, str]:
        try:
            return self._delete_at_once(names)
        except StorageUnavailableError:
            raise
        except OSError:
            # Not every server knows this request, or the checksum that comes with it.
            return super().delete_all(names)

    @_errors_of_files()
    def _delete_at_once(self, names: Sequence[str]) -> dict[str, str]:
        keys = {self._normalize_name(name): name for name in names}
        answer = self._client.delete_objects(
            Bucket=self.bucket_name,
            Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True},
        )
        return {keys[error["Key"]]: error["Code"] for error in answer.get("Errors", ())}

    @_errors_of_files()
    def open_section(self, name: str, start: int, stop: int) -> Section:
        try:
            response = self._client.get_object(
                Bucket=self.bucket_name,
                Key=self._normalize_name(name),
                Range=f"bytes={start}-{stop - 1}",
            )
        except self._client.exceptions.NoSuchKey as error:
            raise FileNotFoundError(name) from error
        return BucketSection(response["Body"], stop - start)

    def all_files(self, folder: str) -> Iterator[tuple[str, datetime]]:
        for entry in self._listed("list_objects_v2", "Contents", folder):
            yield entry["Key"].removeprefix(self._prefix("")), entry["LastModified"]

    def discard_unfinished(self, folder: str, before: datetime) -> Iterator[None]:
        """Large files are sent in parts, which no list of files shows until all are there."""
        for entry in self._listed("list_multipart_uploads", "Uploads", folder):
            if entry["Initiated"] <= before:
                self._abort(entry["Key"], entry["UploadId"])
            yield

    @_errors_of_files()
    def _abort(self, key: str, upload: str) -> None:
        # Another host may be faster, or it was just finished.
        with suppress(self._client.exceptions.NoSuchUpload):
            self._client.abort_multipart_upload(Bucket=self.bucket_name, Key=key, UploadId=upload)

    def _listed(self, operation: str, entries: str, folder: str) -> Iterator[dict[str, Any]]:
        with _errors_of_files():
            pages = self._client.get_paginator(operation).paginate(
                Bucket=self.bucket_name, Prefix=self._prefix(folder)
            )
            for page in pages:
                yield from page.get(entries, ())

    def has_folder(self, folder: str) -> bool:
        return True

    @_errors_of_files()
    def check(self) -> None:
        self._client.head_bucket(Bucket=self.bucket_name)

    @property
    def temporary_location(self) -> Path:
        return Path(settings.DATA_DIR) / "temporary"

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _prefix(self, folder: str) -> str:
        return "".join(f"{part}/" for part in (self.location.strip("/"), folder) if part)
