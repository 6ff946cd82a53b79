"""Shares: an album or a photo, opened by a link for whoever has it."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import Final, Literal

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import User

TOKEN_BYTES: Final = 24
"""192 bits: nobody guesses a link."""


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _open(photo_or_album: str) -> Q:
    """Neither hidden by staff nor in the trash."""
    return Q(**{f"{photo_or_album}__hidden_at": None, f"{photo_or_album}__trashed_at": None})


class ShareQuerySet(models.QuerySet["Share"]):
    def visible_to(self, user: User | AnonymousUser) -> ShareQuerySet:
        """The link is a secret of its owner: staff see a part of it, on their own pages."""
        return self.editable_by(user)

    def editable_by(self, user: User | AnonymousUser) -> ShareQuerySet:
        kept = Q(album__trashed_at=None, photo__trashed_at=None, photo__album__trashed_at=None)
        return self.none() if user.is_anonymous else self.filter(kept, owner=user)

    def unexpired(self) -> ShareQuerySet:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=Now()))

    def live(self) -> ShareQuerySet:
        """Those that open something: as soon as one does not, its link is as unknown as any other."""
        album = Q(album__isnull=False) & _open("album")
        photo = Q(photo__isnull=False) & _open("photo") & _open("photo__album")
        here = Q(owner__is_active=True, owner__deletion_due_at=None)
        return self.unexpired().filter(here, album | photo)


class Share(models.Model):
    """What its link opens, for how long, and how much of it."""

    deleted_text: Final = gettext_noop("The link was deleted.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="shares")
    album = models.ForeignKey(
        "Album",
        on_delete=models.CASCADE,
        related_name="shares",
        null=True,
        blank=True,
        editable=False,
    )
    photo = models.ForeignKey(
        "Photo",
        on_delete=models.CASCADE,
        related_name="shares",
        null=True,
        blank=True,
        editable=False,
    )
    # Not hashed: the owner copies the link again. Whoever reads the database reads the photos, too.
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    title = models.CharField(max_length=120, blank=True)
    message = models.TextField(max_length=1000, blank=True)
    shows_originals = models.BooleanField(
        default=True, help_text="The photos as they were uploaded, beside those in color."
    )
    shows_details = models.BooleanField(
        default=False, help_text="Titles, captions, dates, places, people and tags of the photos."
    )
    allows_downloads = models.BooleanField(default=False)
    password = models.CharField(max_length=128, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    view_count = models.PositiveIntegerField(
        default=0, editable=False, help_text="Visits, each counted once."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["owner", "-created_at", "id"], name="share_of_owner")]
        constraints = [
            models.CheckConstraint(
                name="share_of_an_album_or_a_photo",
                condition=Q(album__isnull=False, photo=None) | Q(album=None, photo__isnull=False),
            ),
            models.CheckConstraint(
                name="share_token_is_long",
                condition=GreaterThanOrEqual(Length("token"), TOKEN_BYTES),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.album or self.photo)

    def get_absolute_url(self) -> str:
        """The link."""
        return reverse("shared:share", args=[self.token])

    @property
    def page(self) -> str:
        """Where its owner looks after it."""
        if self.album_id:
            return reverse("gallery:album-share", args=[self.album_id])
        return reverse("gallery:photo-share", args=[self.photo_id])

    @property
    def has_password(self) -> bool:
        return bool(self.password)

    @property
    def gives_originals(self) -> bool:
        """To be downloaded: their files may tell dates, places and names, so only where these are shown, too."""
        return self.allows_downloads and self.shows_originals and self.shows_details

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


@dataclass(frozen=True)
class Guest:
    """Who looks through a link: they see what it opens, whoever they are otherwise."""

    share: Share
    pk: None = None
    is_staff: Literal[False] = False
    is_anonymous: Literal[True] = True
    is_authenticated: Literal[False] = False

    def may_see(self) -> Q:
        """Which photos."""
        of_share = (
            Q(album=self.share.album_id) if self.share.album_id else Q(pk=self.share.photo_id)
        )
        return of_share & Q(hidden_at=None, trashed_at=None) & _open("album")
