"""Every file that is kept: whose it is, what for, and where its bytes lie. And those that are on their way."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact
from django.utils.translation import gettext_noop

from accounts.models import User

SHA256_DIGITS = 64


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def of(self, owner: User) -> StoredFileQuerySet:
        return self.filter(owner=owner)

    def total_bytes(self) -> int:
        total: int = self.aggregate(total=Sum("bytes", default=0))["total"]
        return total


class StoredFile(models.Model):
    """Bytes in the storage. They are never changed, nor is their name ever used again."""

    deleted_text: Final = gettext_noop("The file was deleted.")

    class Purpose(models.TextChoices):
        ORIGINAL = "original", "Original"
        DISPLAY = "display", "Display size"
        THUMBNAIL = "thumbnail", "Thumbnail"
        SMALL = "small", "Small thumbnail"
        RESULT = "result", "Result"
        PREVIEW = "preview", "Preview"
        ARCHIVE = "archive", "Archive"
        DOWNLOAD = "download", "Made for a download"
        PART = "part", "Part of an upload"
        SEGMENT = "segment", "Part of a film that is being colorized"
        PACK = "pack", "Tiles or previews"

    # Kept for a while, or made again when they are wanted: they do not count to the quota.
    SHORT_LIVED: Final = (Purpose.ARCHIVE, Purpose.DOWNLOAD, Purpose.SEGMENT, Purpose.PACK)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="stored_files")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    name = models.FileField(max_length=200, unique=True)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=SHA256_DIGITS)
    content_type = models.CharField(max_length=100)
    derived_from = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="derivatives"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["sha256"]),
            # What is kept for a person is summed up with each upload.
            models.Index(fields=["owner", "purpose", "bytes"]),
            # What is kept for all, with each scrape of the metrics.
            models.Index(fields=["purpose", "bytes"], name="storedfile_by_purpose"),
        ]
        constraints = [
            models.CheckConstraint(name="storedfile_has_bytes", condition=Q(bytes__gt=0)),
            models.CheckConstraint(
                name="storedfile_has_sha256", condition=Exact(Length("sha256"), SHA256_DIGITS)
            ),
            models.CheckConstraint(
                name="storedfile_has_name_and_type", condition=~Q(name="") & ~Q(content_type="")
            ),
            # What is made from another file, and deleted with it: these, and no others.
            models.CheckConstraint(
                name="storedfile_is_derived_as_its_purpose_says",
                condition=Q(purpose__in=["display", "thumbnail", "small", "preview"])
                ^ Q(derived_from__isnull=True),
            ),
            models.UniqueConstraint(
                name="storedfile_one_derivative_of_each_purpose",
                fields=["derived_from", "purpose"],
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class UploadQuerySet(models.QuerySet["Upload"]):
    def editable_by(self, user: User | AnonymousUser) -> UploadQuerySet:
        """Nobody else has anything to do with what somebody sends, staff neither."""
        return self.none() if user.is_anonymous else self.unexpired().filter(owner=user)

    def unexpired(self) -> UploadQuerySet:
        return self.filter(expires_at__gt=Now())

    def expired(self) -> UploadQuerySet:
        return self.filter(expires_at__lte=Now())

    def reserved_bytes(self) -> int:
        """What is yet to come of those that are being received."""
        open_ones = self.unexpired().filter(state=Upload.State.RECEIVING)
        rest = Sum(F("length") - F("offset"), default=0)
        total: int = open_ones.aggregate(total=rest)["total"]
        return total


class Upload(models.Model):
    """A file that comes in parts, in any number of requests, to whatever host.

    Its whole length is room that is taken: what has come as bytes of its parts, the rest as reserved. The row is
    kept for a while when the file is used or refused, for a client that did not hear of it.
    """

    deleted_text: Final = gettext_noop("The upload was deleted.")

    class State(models.TextChoices):
        RECEIVING = "receiving", "Being received"
        RECEIVED = "received", "Received"
        USED = "used", "Used"
        REFUSED = "refused", "Refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="uploads")
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVING)
    length = models.PositiveBigIntegerField(help_text="Bytes of the whole file.")
    offset = models.PositiveBigIntegerField(default=0, help_text="Bytes that have come.")
    metadata = models.JSONField(
        default=dict, blank=True, help_text="What the client says of the file: texts by name."
    )
    refusal = models.JSONField(null=True, blank=True, help_text="Why the file was refused.")
    files = models.ManyToManyField(
        StoredFile, blank=True, related_name="uploads", help_text="What became of it."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["owner", "state"]),
            models.Index(fields=["expires_at"]),
        ]
        constraints = [
            models.CheckConstraint(name="upload_has_length", condition=Q(length__gt=0)),
            models.CheckConstraint(
                name="upload_received_iff_all_has_come",
                condition=Q(state="receiving", offset__lt=F("length"))
                | (~Q(state="receiving") & Q(offset=F("length"))),
            ),
            models.CheckConstraint(
                name="upload_refused_for_a_reason",
                condition=Q(state="refused", refusal__isnull=False)
                | (~Q(state="refused") & Q(refusal__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.metadata.get("filename", self.pk))


class UploadPart(models.Model):
    """The bytes of one request, until all have come and the file is used."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    offset = models.PositiveBigIntegerField(help_text="Where in the upload they begin.")
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="upload_part")

    class Meta:
        ordering = ["upload", "offset"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="uploadpart_once"),
        ]

    def __str__(self) -> str:
        return f"{self.upload}, from byte {self.offset}"


class DatabaseId(models.Model):
    """Tells this database from all others, in what lies outside of it. There is one row."""

    value = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="databaseid_once", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def get(cls) -> DatabaseId:
        return cls.objects.get_or_create(pk=1)[0]
