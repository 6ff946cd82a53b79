"""Small pictures that are made of one when somebody looks at it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from filestore.models import StoredFile
from jobs.models import Job


class PicturePackQuerySet(models.QuerySet["PicturePack"]):
    def expired(self) -> PicturePackQuerySet:
        return self.filter(expires_at__lte=Now())


class PicturePack(models.Model):
    """Many small pictures that are made of one when somebody looks at it, in one file, for a while.

    Who may see the picture may see them.
    """

    class Content(models.TextChoices):
        TILES = "tiles", "Tiles, to zoom in"
        STYLES = "styles", "Previews of styles"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="picture_pack")
    picture = models.ForeignKey(
        StoredFile,
        on_delete=models.RESTRICT,
        related_name="packs",
        help_text="An original or a result.",
    )
    content = models.CharField(max_length=6, choices=Content.choices)
    file = models.OneToOneField(
        StoredFile, on_delete=models.RESTRICT, null=True, related_name="pack", editable=False
    )
    members = models.JSONField(
        default=dict, editable=False, help_text="Where each is in the file: offset and bytes."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(editable=False)

    objects = PicturePackQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["expires_at"], name="picturepack_expires")]
        constraints = [
            models.CheckConstraint(
                name="picturepack_known_content", condition=Q(content__in=["tiles", "styles"])
            ),
            models.UniqueConstraint(fields=["picture", "content"], name="picturepack_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_content_display()}: {self.picture}"
