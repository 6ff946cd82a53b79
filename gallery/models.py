"""Albums, their sections, photos with what is known of them, and zip files of albums."""

from __future__ import annotations

import uuid
from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from colorizer.engine.imageio.flaws import Flaw
from colorizer.engine.imageio.formats import DISPLAY_SIDE, FORMATS, SMALL_SIDE, THUMBNAIL_SIDE
from colorizer.engine.video.containers import FILM_FORMATS
from colorizer.models import Colorization, ColorizationQuerySet, Film
from filestore.models import StoredFile
from gallery.addresses import address_of
from gallery.share_models import Guest
from gallery.titles import readable
from gallery.versions import shown_of
from jobs.models import Job

Viewer: TypeAlias = User | AnonymousUser | Guest


class Hideable(models.Model):
    """Moderation: a hidden object is visible to its owner and staff only."""

    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    hidden_reason = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_hidden_with_reason",
                condition=Q(hidden_at=None, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                violation_error_message="Give a reason for hiding it.",
            ),
        ]

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None


class Trashable(models.Model):
    """What was deleted lies in the trash for a while: nobody sees it, only its owner, there."""

    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_trashed(self) -> bool:
        return self.trashed_at is not None


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

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["album", "position"])]

    def __str__(self) -> str:
        return self.title


class Label(models.Model):
    """A name that an owner gives to photos. Upper and lower case make no difference."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="%(class)ss")
    name = models.CharField(max_length=100)

    class Meta:
        abstract = True
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="%(class)s_has_a_name", condition=~Q(name="")),
            models.UniqueConstraint("owner", Lower("name"), name="%(class)s_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(Label):
    pass


class Person(Label):
    """Somebody who is in photos."""

    class Meta(Label.Meta):
        verbose_name_plural = "people"


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


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def visible_to(self, user: Viewer) -> ArchiveQuerySet:
        """Archives hold originals: they are for the owner and staff, however public an album is."""
        return self.unexpired() if user.is_staff else self.editable_by(user)

    def editable_by(self, user: Viewer) -> ArchiveQuerySet:
        if user.is_anonymous:
            return self.none()
        return self.unexpired().filter(owner=user, album__trashed_at=None)

    def unexpired(self) -> ArchiveQuerySet:
        """Those that are being made, too."""
        return self.exclude(expires_at__lte=Now())

    def expired(self) -> ArchiveQuerySet:
        return self.filter(expires_at__lte=Now())


class Archive(models.Model):
    """Zip files of an album, of selected photos or of all that a person has: made by a job, kept for a while."""

    class Content(models.TextChoices):
        ALBUM = "album", _("Album")
        SELECTION = "selection", _("Selected photos")
        EVERYTHING = "everything", _("Everything")

    class Holds(models.TextChoices):
        BOTH = "both", _("Originals and colored photos")
        ORIGINALS = "originals", _("Originals only")
        RESULTS = "results", _("Colored photos only")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="archives")
    content = models.CharField(max_length=10, choices=Content.choices, default=Content.ALBUM)
    album = models.ForeignKey(
        Album, on_delete=models.CASCADE, related_name="archives", null=True, blank=True
    )
    photos = models.ManyToManyField(Photo, blank=True, related_name="+")
    photo_count = models.PositiveIntegerField(default=0, editable=False)
    title = models.CharField(
        max_length=120, blank=True, help_text="Of the album that the photos are in, if it is one."
    )
    holds = models.CharField(max_length=9, choices=Holds.choices, default=Holds.BOTH)
    with_details = models.BooleanField(
        _("Write titles, dates, places and names into the files"), default=False
    )
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="archive")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, editable=False)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["album", "-created_at"]),
            models.Index(fields=["owner", "-created_at"]),
            models.Index(fields=["expires_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="archive_of_an_album_has_it",
                condition=Q(content="album", album__isnull=False)
                | (Q(content__in=["selection", "everything"]) & Q(album=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("gallery:archive", args=[self.pk])

    @property
    def name(self) -> str:
        """What a person reads, such as 12 photos of “Family”."""
        if self.content == self.Content.EVERYTHING:
            return gettext("Everything")
        if self.content == self.Content.ALBUM:
            return gettext("“%(album)s”") % {"album": self.title}
        photos = ngettext("%(count)s photo", "%(count)s photos", self.photo_count) % {
            "count": self.photo_count
        }
        if not self.title:
            return photos
        return gettext("%(photos)s of “%(album)s”") % {"photos": photos, "album": self.title}

    @property
    def is_export(self) -> bool:
        return self.content == self.Content.EVERYTHING

    @property
    def bytes(self) -> int | None:
        """Of all parts. None until they are made. Needs no query where `parts__file` are prefetched."""
        return sum(part.file.bytes for part in self.parts.all()) if self.expires_at else None


class ArchivePart(models.Model):
    """One zip file of an archive. It can be opened without the others."""

    archive = models.ForeignKey(
        Archive, on_delete=models.CASCADE, related_name="parts", editable=False
    )
    number = models.PositiveIntegerField(editable=False)
    file = models.OneToOneField(
        StoredFile, on_delete=models.RESTRICT, related_name="archive_part", editable=False
    )

    class Meta:
        ordering = ["archive", "number"]
        constraints = [
            models.UniqueConstraint(fields=["archive", "number"], name="archivepart_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.archive_id} {self.number}"


class DownloadQuerySet(models.QuerySet["Download"]):
    def editable_by(self, user: Viewer) -> DownloadQuerySet:
        """For whoever asked for it, as long as the version is there."""
        if user.is_anonymous:
            return self.none()
        kept = self.filter(
            colorization__trashed_at=None, colorization__source__photo__trashed_at=None
        )
        return kept.unexpired().filter(owner=user, colorization__isnull=False)

    def visible_to(self, user: Viewer) -> DownloadQuerySet:
        return self.editable_by(user)

    def unexpired(self) -> DownloadQuerySet:
        return self.exclude(expires_at__lte=Now())

    def expired(self) -> DownloadQuerySet:
        return self.filter(Q(expires_at__lte=Now()) | Q(colorization=None))


class Download(models.Model):
    """A version in another format or size, in one picture with its original, or as a film; kept for a day."""

    class Form(models.TextChoices):
        JPEG = "jpeg", _("JPEG")
        PNG = "png", _("PNG")
        TIFF = "tiff", _("TIFF")
        WEBP = "webp", _("WebP")
        JOINED = "joined", _("Before and after, one picture")
        CLIP = "clip", _("Before and after, 3-second film")

    class Side(models.IntegerChoices):
        FULL = 0, _("Full size")
        LARGE = 2048, _("2048 pixels")
        MEDIUM = 1080, _("1080 pixels")
        SMALL = 640, _("640 pixels")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="downloads")
    # What is left of a version that was deleted is swept, and shown to nobody.
    colorization = models.ForeignKey(
        Colorization, on_delete=models.SET_NULL, related_name="downloads", null=True
    )
    of_result = models.UUIDField(editable=False, help_text="Of which file it is made.")
    form = models.CharField(max_length=6, choices=Form.choices)
    side = models.PositiveSmallIntegerField(
        choices=Side.choices, default=Side.FULL, help_text="The longer one at most."
    )
    has_mark = models.BooleanField(
        default=False, help_text="A small mark in a corner shows that the colors are made."
    )
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="download")
    file = models.OneToOneField(
        StoredFile, on_delete=models.RESTRICT, related_name="download", null=True, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, editable=False)

    objects = DownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["owner", "-created_at"]),
            models.Index(fields=["expires_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="download_expires_iff_made",
                condition=Q(file=None, expires_at=None)
                | Q(file__isnull=False, expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_form_display())

    def get_absolute_url(self) -> str:
        return reverse("gallery:download", args=[self.pk])


class NoticeQuerySet(models.QuerySet["Notice"]):
    def editable_by(self, user: Viewer) -> NoticeQuerySet:
        """They are for nobody but the person."""
        return self.none() if user.is_anonymous else self.filter(owner=user)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something is done that a person asked for. Its words are made when it is read, in the reader's language."""

    class Kind(models.TextChoices):
        PHOTOS = "photos", _("Photos were colored")
        ARCHIVE = "archive", _("A zip file was made")
        EXPORT = "export", _("An export was made")
        FILM = "film", _("A film was colored")
        FILE = "file", _("A file was made")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    succeeded = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    title = models.CharField(
        max_length=120, blank=True, help_text="Of the album or the photo that it is about."
    )
    album = models.ForeignKey(
        Album, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    archive = models.ForeignKey(
        Archive, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    awaits_mail = models.BooleanField(default=False, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["owner", "-created_at"]),
            models.Index(fields=["owner"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["created_at"], condition=Q(awaits_mail=True), name="notice_awaits_mail"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_is_about_something", condition=Q(succeeded__gt=0) | Q(failed__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("gallery:notice", args=[self.pk])

    @property
    def target(self) -> str:
        """The page where what it is about can be seen."""
        album = None if self.album and self.album.is_trashed else self.album
        about = album if self.kind in (self.Kind.PHOTOS, self.Kind.FILM) else self.archive
        # A file has none: it is kept for a day, and is fetched from the page of all work.
        return (
            about.get_absolute_url() if about and not self.failed else reverse("gallery:activity")
        )

    @property
    def is_about_a_failure(self) -> bool:
        return self.failed > 0

    @property
    def text(self) -> str:
        """What a person reads, such as "300 photos are in color, 2 failed"."""
        if self.kind == self.Kind.PHOTOS:
            return self._text_of_photos()
        if self.kind == self.Kind.FILM:
            return gettext("The film failed") if self.failed else gettext("Your film is in color")
        if self.kind == self.Kind.EXPORT:
            return gettext("The export failed") if self.failed else gettext("Your export is ready")
        if self.kind == self.Kind.FILE:
            words = (
                gettext("The file of “%(photo)s” failed")
                if self.failed
                else gettext("Your file of “%(photo)s” is ready")
            )
            return words % {"photo": self.title}
        if self.title:
            words = (
                gettext("The zip file of “%(album)s” failed")
                if self.failed
                else gettext("The zip file of “%(album)s” is ready")
            )
            return words % {"album": self.title}
        return gettext("The zip file failed") if self.failed else gettext("The zip file is ready")

    def _text_of_photos(self) -> str:
        done = ngettext(
            "%(count)s photo is in color", "%(count)s photos are in color", self.succeeded
        ) % {"count": self.succeeded}
        failed = ngettext("%(count)s photo failed", "%(count)s photos failed", self.failed) % {
            "count": self.failed
        }
        if not self.failed:
            return done
        if not self.succeeded:
            return failed
        return gettext("%(done)s, %(failed)s failed") % {"done": done, "failed": self.failed}


class IdempotentRequest(models.Model):
    """A POST of the API that was sent with an Idempotency-Key, and how it was answered.

    Without a status it is still being worked on.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["created_at"])]
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_is_used_once")
        ]

    def __str__(self) -> str:
        return self.key
