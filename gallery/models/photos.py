"""Photos and films, with what is known of them."""

from __future__ import annotations

import uuid
from typing import Final

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from colorizer.engine.imageio.flaws import Flaw
from colorizer.engine.imageio.formats import DISPLAY_SIDE, FORMATS, SMALL_SIDE, THUMBNAIL_SIDE
from colorizer.engine.video.containers import FILM_FORMATS
from colorizer.models import Colorization, ColorizationQuerySet, Film
from filestore.models import StoredFile
from gallery.addresses import address_of
from gallery.models.abstract import Hideable, Trashable
from gallery.models.albums import Album, Section, Viewer, published
from gallery.models.labels import Person, Tag
from gallery.models.shares import Guest
from gallery.titles import readable
from gallery.versions import shown_of


class PhotoQuerySet(models.QuerySet["Photo"]):
    def kept(self) -> PhotoQuerySet:
        """Not in the trash, where photos also go with their album."""
        return self.filter(trashed_at=None)

    def visible_to(self, user: Viewer) -> PhotoQuerySet:
        """Photos whose display size and results the user may look at."""
        if isinstance(user, Guest):
            return self._opened_for(user)
        if user.is_staff:
            return self.kept()
        public = published("album__") & Q(hidden_at=None)
        if user.is_anonymous:
            return self.filter(public, trashed_at=None)
        return self.kept().filter(public | Q(album__owner=user))

    def _opened_for(self, guest: Guest) -> PhotoQuerySet:
        """Where no originals are shown, what has no color yet is not there."""
        opened = self.filter(guest.may_see())
        if guest.share.shows_originals:
            return opened
        results = Colorization.objects.kept().whole().succeeded()
        return opened.filter(Exists(results.filter(source=OuterRef("original"))))

    def editable_by(self, user: Viewer) -> PhotoQuerySet:
        return self.none() if user.is_anonymous else self.kept().filter(album__owner=user)

    def downloadable_by(self, user: Viewer) -> PhotoQuerySet:
        """Photos whose original and full-resolution results the user may download."""
        if isinstance(user, Guest):
            return self.visible_to(user) if user.share.allows_downloads else self.none()
        return self.kept() if user.is_staff else self.editable_by(user)


def flaw_choices() -> list[tuple[str, Promise]]:
    return [(flaw.value, _(flaw.sentence)) for flaw in Flaw]


def format_choices() -> list[tuple[str, str]]:
    return [(name, name) for name in (*FORMATS, *FILM_FORMATS)]


class MediaKind(models.TextChoices):
    PHOTO = "photo", _("Photo")
    FILM = "film", _("Film")

    def of(self, photo: str = "") -> Q:
        """Args: photo: the way to the photo in a lookup."""
        return Q(**{f"{photo}film_seconds__isnull": self is MediaKind.PHOTO})


class Photo(Hideable, Trashable):
    deleted_text: Final = gettext_noop("The photo was deleted.")

    class DatePrecision(models.TextChoices):
        """How well it is known when a photo was taken."""

        DAY = "day", _("Day")
        MONTH = "month", _("Month")
        YEAR = "year", _("Year")
        ABOUT = "about", _("About this year")
        DECADE = "decade", _("Decade")
        BETWEEN = "between", _("Between two years")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="photos")
    original_name = models.CharField(max_length=255)
    original = models.OneToOneField(
        StoredFile, on_delete=models.RESTRICT, related_name="photo", editable=False
    )
    format = models.CharField(max_length=8, choices=format_choices)
    width = models.PositiveIntegerField(help_text="Pixels, upright.")
    height = models.PositiveIntegerField(help_text="Pixels, upright.")
    flaw = models.CharField(
        max_length=16,
        choices=flaw_choices,
        blank=True,
        help_text="What is wrong with the file, although its picture could be read.",
    )
    film_seconds = models.FloatField(
        null=True, blank=True, editable=False, help_text="How long a film is; null of a picture."
    )
    document_sha256 = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of the file of several pages that it is a page of.",
    )
    title = models.CharField(max_length=200, blank=True)
    caption = models.TextField(max_length=5000, blank=True)
    place = models.CharField(max_length=200, blank=True)
    date_precision = models.CharField(max_length=7, choices=DatePrecision.choices, blank=True)
    # The first and the last day that it may have been taken on.
    taken_from = models.DateField(null=True, blank=True)
    taken_to = models.DateField(null=True, blank=True)
    people = models.ManyToManyField(Person, blank=True, related_name="photos")
    tags = models.ManyToManyField(Tag, blank=True, related_name="photos")
    is_favorite = models.BooleanField(default=False)
    search_text = models.TextField(
        blank=True, editable=False, help_text="All words of it that a search finds, case folded."
    )
    section = models.ForeignKey(
        Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="photos"
    )
    position = models.PositiveIntegerField(
        default=0, editable=False, help_text="In an album that is ordered by hand."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            # Whole libraries are counted, sorted and filtered by it, without a look at the rows themselves.
            models.Index(
                fields=[
                    "album",
                    "trashed_at",
                    "-created_at",
                    "id",
                    "taken_from",
                    "taken_to",
                    "date_precision",
                    "place",
                    "is_favorite",
                    "original",
                ],
                name="photo_library",
            ),
            models.Index(fields=["document_sha256"]),
            models.Index(
                fields=["trashed_at"], condition=Q(trashed_at__isnull=False), name="photo_trash"
            ),
        ]
        constraints = [
            *Hideable.Meta.constraints,
            models.CheckConstraint(
                name="photo_date_whole_or_not_at_all",
                condition=Q(date_precision="", taken_from=None, taken_to=None)
                | (~Q(date_precision="") & Q(taken_from__isnull=False, taken_to__isnull=False)),
            ),
            models.CheckConstraint(
                name="photo_date_from_before_to",
                condition=Q(taken_from=None) | Q(taken_from__lte=F("taken_to")),
            ),
            models.CheckConstraint(name="photo_has_pixels", condition=Q(width__gt=0, height__gt=0)),
        ]

    def __str__(self) -> str:
        """What its owner calls it: the title, or what the file's name says without its extension."""
        return self.title or readable(self.original_name) or gettext("Photo")

    def get_absolute_url(self) -> str:
        return address_of("gallery:photo", self.pk)

    def is_known_to(self, viewer: Viewer) -> bool:
        """Whether they are owner or staff, and see whatever there is of it."""
        return viewer.is_staff or self.album.owner_id == viewer.pk

    def shows_details_to(self, viewer: Viewer) -> bool:
        """Whether title, caption, date, people, place and tags are for them, too."""
        if isinstance(viewer, Guest):
            return viewer.share.shows_details
        return self.album.shows_details or self.is_known_to(viewer)

    def name_for(self, viewer: Viewer) -> str:
        """What it is called for a viewer. File names are nobody else's affair."""
        if self.is_known_to(viewer):
            return str(self)
        return (self.title if self.shows_details_to(viewer) else "") or gettext("Photo")

    @property
    def is_film(self) -> bool:
        return self.film_seconds is not None

    @property
    def media_kind(self) -> MediaKind:
        return MediaKind.FILM if self.is_film else MediaKind.PHOTO

    @property
    def film(self) -> Film | None:
        """What is known of it as a film."""
        found: Film | None = self.original.film if self.is_film else None
        return found

    @property
    def thumbnail_width(self) -> int:
        """In pixels; the browser chooses between it and the small one."""
        return self._reduced_width(THUMBNAIL_SIDE)

    @property
    def display_width(self) -> int:
        return self._reduced_width(DISPLAY_SIDE)

    @property
    def small_width(self) -> int:
        return self._reduced_width(SMALL_SIDE)

    def _reduced_width(self, longest_side: int) -> int:
        return max(1, round(self.width * min(1, longest_side / max(self.width, self.height))))

    @property
    def colorizations(self) -> ColorizationQuerySet:
        """Its versions. Needs no query where `original__colorizations` are prefetched."""
        versions: ColorizationQuerySet = self.original.colorizations.all()
        return versions

    @property
    def shown_version(self) -> Colorization | None:
        """The one that stands for it. Needs no query where they are prefetched."""
        return shown_of(self.colorizations)
