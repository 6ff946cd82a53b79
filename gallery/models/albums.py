"""Albums, their sections, and who sees them."""

from __future__ import annotations

import uuid
from typing import Final, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from gallery.models.abstract import Hideable, Trashable
from gallery.models.shares import Guest

Viewer: TypeAlias = User | AnonymousUser | Guest


def published(album: str = "") -> Q:
    """What anybody may see: published, not hidden nor in the trash, its owner neither suspended nor gone.

    Args:
        album: the way to the album in a lookup, such as "album__".
    """
    # Joined, not asked for in a subquery: that would list every published photo of the site.
    return Q(
        **{
            f"{album}visibility": Album.Visibility.PUBLIC,
            f"{album}hidden_at": None,
            f"{album}trashed_at": None,
            f"{album}owner__is_active": True,
            f"{album}owner__deletion_due_at": None,
        }
    )


class AlbumQuerySet(models.QuerySet["Album"]):
    def published(self) -> AlbumQuerySet:
        return self.filter(published())

    def kept(self) -> AlbumQuerySet:
        """Not in the trash."""
        return self.filter(trashed_at=None)

    def visible_to(self, user: Viewer) -> AlbumQuerySet:
        if isinstance(user, Guest):
            return self.kept().filter(shares=user.share, hidden_at=None)
        if user.is_staff:
            return self.kept()
        if user.is_anonymous:
            return self.published()
        return self.kept().filter(published() | Q(owner=user))

    def editable_by(self, user: Viewer) -> AlbumQuerySet:
        return self.none() if user.is_anonymous else self.kept().filter(owner=user)


class Album(Hideable, Trashable):
    deleted_text: Final = gettext_noop("The album was deleted.")

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("Private")
        PUBLIC = "public", _("Public")

    class PhotoOrder(models.TextChoices):
        NEWEST = "newest", _("Newest upload first")
        OLDEST = "oldest", _("Oldest upload first")
        TAKEN = "taken", _("By date taken")
        BY_HAND = "by_hand", _("By hand")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="albums")
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, blank=True)
    visibility = models.CharField(
        max_length=8, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    shows_details = models.BooleanField(
        "show details",
        default=False,
        help_text="Titles, captions, dates, people, places and tags are public with the album.",
    )
    photo_order = models.CharField(
        max_length=7, choices=PhotoOrder.choices, default=PhotoOrder.NEWEST
    )
    cover = models.ForeignKey(
        "Photo", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AlbumQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["visibility", "-published_at"]),
            models.Index(fields=["owner", "-created_at"]),
            models.Index(
                fields=["trashed_at"], condition=Q(trashed_at__isnull=False), name="album_trash"
            ),
        ]
        constraints = [
            *Hideable.Meta.constraints,
            models.CheckConstraint(
                name="album_published_at_iff_public",
                condition=Q(visibility="public", published_at__isnull=False)
                | Q(visibility="private", published_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("gallery:album", args=[self.pk])

    @property
    def is_public(self) -> bool:
        return self.visibility == self.Visibility.PUBLIC


class Section(models.Model):
    """A part of an album with a title of its own. Photos without one come first."""

    deleted_text: Final = gettext_noop("The section was deleted.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["album", "position"])]

    def __str__(self) -> str:
        return self.title
