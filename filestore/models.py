"""Every file that is kept: whose it is, what for, and where its bytes lie."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Length, Now
from django.db.models.lookups import Exact

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

    class Purpose(models.TextChoices):
        ORIGINAL = "original", "Original"
        DISPLAY = "display", "Display size"
        THUMBNAIL = "thumbnail", "Thumbnail"
        RESULT = "result", "Result"
        PREVIEW = "preview", "Preview"
        ARCHIVE = "archive", "Archive"

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
            models.Index(fields=["owner", "bytes"]),
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
                condition=Q(purpose__in=["display", "thumbnail", "preview"])
                ^ Q(derived_from__isnull=True),
            ),
            models.UniqueConstraint(
                name="storedfile_one_derivative_of_each_purpose",
                fields=["derived_from", "purpose"],
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)
