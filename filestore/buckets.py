"""An S3 bucket for the bytes. Apart, since only sites that have one need to load boto3 in each of their processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from filestore.storages import MediaStorage, Section


@contextmanager
def _errors_of_files() -> Iterator[None]:
    """Whoever reads or writes a file expects OSError, wherever it lies."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"The bucket did not answer as it should: {error}") from error


class BucketSection(Section):
    """A line that breaks is an error of files here, too."""

    def _next_bytes(self, buffer: memoryview) -> int:
        with _errors_of_files():
            return super()._next_bytes(buffer)


class BucketStorage(MediaStorage, S3Storage):  # type: ignore[misc]  # django-storages has no types
    """A bucket. django-storages would fetch a whole file to read a byte of it: sections are asked for here."""

    def _save(self, name: str, content: File[bytes]) -> str:
        with _errors_of_files():
            saved: str = super()._save(name, content)
        return saved

    def open_section(self, name: str, start: int, stop: int) -> Section:
        with _errors_of_files():
            return self._open_section(name, start, stop)

    def _open_section(self, name: str, start: int, stop: int) -> Section:
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
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=self._prefix(folder)
        )
        for page in pages:
            for entry in page.get("Contents", ()):
                yield entry["Key"].removeprefix(self._prefix("")), entry["LastModified"]

    def discard_unfinished(self, folder: str, before: datetime) -> None:
        """Large files are sent in parts, which no list of files shows until all are there."""
        pages = self._client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self.bucket_name, Prefix=self._prefix(folder)
        )
        for page in pages:
            for entry in page.get("Uploads", ()):
                if entry["Initiated"] <= before:
                    self._client.abort_multipart_upload(
                        Bucket=self.bucket_name, Key=entry["Key"], UploadId=entry["UploadId"]
                    )

    def check(self) -> None:
        with _errors_of_files():
            self._client.head_bucket(Bucket=self.bucket_name)

    @property
    def temporary_location(self) -> Path:
        return Path(settings.DATA_DIR) / "temporary"

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _prefix(self, folder: str) -> str:
        return "".join(f"{part}/" for part in (self.location.strip("/"), folder) if part)
