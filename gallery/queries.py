"""What pages and the API read, without a query per row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Lower, RowNumber

from accounts.models import User
from colorizer.models import Colorization, ColorizationQuerySet
from gallery.models import (
    Album,
    AlbumQuerySet,
    Person,
    Photo,
    PhotoQuerySet,
    Section,
    Tag,
    Viewer,
    published,
)
from gallery.models.shares import Guest
from jobs.models import Job, JobQuerySet

FEW: Final = 5
"""Versions of a photo that the API names with it."""
VERSIONS: Final = "original__colorizations"
KEPT_FIRST: Final = ("-is_kept", "-created_at", "pk")


def visible_colorizations(viewer: Viewer) -> ColorizationQuerySet:
    """Owner and staff see every state; everybody else sees the results of published photos, guests one of each."""
    if isinstance(viewer, Guest):
        return _shown_to(viewer)
    shown = published("source__photo__album__") & Q(
        source__photo__hidden_at=None, source__photo__trashed_at=None
    )
    of_everybody = Colorization.objects.kept().whole().succeeded().filter(shown)
    return of_everybody | Colorization.objects.visible_to(viewer)


def _shown_to(guest: Guest) -> ColorizationQuerySet:
    """The kept version of each photo, or the newest."""
    photos = Photo.objects.visible_to(guest).values("original")
    return _first_results().filter(source__in=photos)


def _first_results() -> ColorizationQuerySet:
    """Of each photo that is in color the kept version, or the newest."""
    results = Colorization.objects.kept().whole().succeeded()
    first = results.filter(source=OuterRef("source")).order_by(*KEPT_FIRST).values("pk")[:1]
    return results.filter(pk=Subquery(first))


def public_albums(order: str = "newest") -> AlbumQuerySet:
    """Published albums that show at least one colorization; `photo_count`, `cover_colorization`."""
    albums = with_public_overview(Album.objects.published()).select_related("owner")
    return _sorted(albums.filter(Q(cover_colorization__isnull=False)), order, "-published_at")


def with_public_overview(albums: AlbumQuerySet) -> AlbumQuerySet:
    """`photo_count` and `cover_colorization`, the chosen or the newest, of what everybody sees."""
    shown = Q(source__photo__hidden_at=None)
    return albums.annotate(
        photo_count=_photo_count(Q(hidden_at=None)),
        cover_colorization=Coalesce(_chosen_result(shown), _newest_result(shown)),
    )


def own_albums(owner: User, order: str = "newest") -> AlbumQuerySet:
    """The owner's albums; `photo_count`, `cover_colorization`, `cover_photo`.

    The cover is the photo that was chosen, else the newest that is in color, else the newest.
    """
    albums = _with_overview(Album.objects.editable_by(owner), Q(), Q())
    return _sorted(albums, order, "-created_at")


def with_overview(albums: AlbumQuerySet, viewer: Viewer) -> AlbumQuerySet:
    """`photo_count`, `cover_colorization`, `cover_photo` as `own_albums`, of what the viewer sees."""
    return _with_overview(
        albums, _not_hidden_from(viewer), _not_hidden_from(viewer, "source__photo__")
    )


def _not_hidden_from(viewer: Viewer, photo: str = "") -> Q:
    """Args: photo: the way to the photo in a lookup."""
    if viewer.is_staff:
        return Q()
    not_hidden = Q(**{f"{photo}hidden_at": None})
    # The owner first: then SQLite looks at no row of their photos, but at the index only.
    return not_hidden if viewer.is_anonymous else Q(**{f"{photo}album__owner": viewer}) | not_hidden


def _with_overview(albums: AlbumQuerySet, shown: Q, shown_result: Q) -> AlbumQuerySet:
    """Args: shown: which photos; shown_result: which colorizations, for the same viewer."""
    photos = Photo.objects.kept().filter(shown, album=OuterRef("pk")).order_by()
    newest = photos.order_by("trashed_at", "-created_at", "pk")  # as in `_newest_result`
    return albums.annotate(
        photo_count=_photo_count(shown),
        chosen_photo=Subquery(photos.filter(pk=OuterRef("cover")).values("pk")),
        cover_colorization=Case(
            When(chosen_photo__isnull=False, then=_chosen_result(shown_result)),
            default=_newest_result(shown_result),
        ),
        cover_photo=Coalesce("chosen_photo", Subquery(newest.values("pk")[:1])),
    )


def with_colored_count(albums: AlbumQuerySet, viewer: Viewer) -> AlbumQuerySet:
    """`colored_count`: how many of the photos that the viewer sees have a result."""
    return _with_colored_count(albums, _not_hidden_from(viewer))


def with_own_colored_count(albums: AlbumQuerySet) -> AlbumQuerySet:
    """The same for their owner, from whom nothing is hidden: no row of a photo is looked at, but indexes only."""
    return _with_colored_count(albums, Q())


def _with_colored_count(albums: AlbumQuerySet, shown: Q) -> AlbumQuerySet:
    results = (
        Colorization.objects.kept()
        .whole()
        .filter(source=OuterRef("original"), result__isnull=False)
    )
    return albums.annotate(colored_count=_photo_count(shown & Q(Exists(results))))


def _photo_count(condition: Q) -> Coalesce:
    """A query of its own: joined to be counted, each photo would have the cover looked for again."""
    kept = Photo.objects.kept().filter(condition, album=OuterRef("pk")).order_by()
    return Coalesce(Subquery(kept.values("album").annotate(number=Count("pk")).values("number")), 0)


def _sorted(albums: AlbumQuerySet, order: str, newest: str) -> AlbumQuerySet:
    return albums.order_by(*([Lower("title")] if order == "title" else []), newest, "pk")


def _newest_result(condition: Q) -> Subquery:
    """Of the newest photo that has one: an index of photos leads to it, however many there are."""
    # None of them is in the trash. Without that column, which the index has, PostgreSQL sorts all results instead.
    by_photo = ("source__photo__trashed_at", "-source__photo__created_at", "source__photo__pk")
    return Subquery(_results(condition).order_by(*by_photo, *KEPT_FIRST).values("pk")[:1])


def _chosen_result(condition: Q) -> Subquery:
    """Of the photo that was chosen for the cover, as long as it is in the album."""
    chosen = _results(condition).filter(source__photo=OuterRef("cover"))
    return Subquery(chosen.order_by(*KEPT_FIRST).values("pk")[:1])


def _results(condition: Q) -> ColorizationQuerySet:
    """Of an outer album's photos."""
    succeeded: ColorizationQuerySet = (
        Colorization.objects.kept()
        .whole()
        .succeeded()
        .filter(condition, source__photo__album=OuterRef("pk"), source__photo__trashed_at=None)
    )
    return succeeded


def latest_photos(owner: User) -> PhotoQuerySet:
    """The owner's photos of all albums, newest first; `shown_version` needs no query."""
    return with_own_colorizations(Photo.objects.editable_by(owner))


def newest_photos(owner: User, number: int) -> list[Photo]:
    """So many of `latest_photos`, from however many."""
    keys = Photo.objects.editable_by(owner).order_by("-created_at", "pk")
    return in_order(list(keys.values_list("pk", flat=True)[:number]))


def in_order(keys: Sequence[UUID]) -> list[Photo]:
    """Photos that their owner found by these keys, in their order; `shown_version` needs no query.

    What is sorted by keys alone, and then read for a page, is there much sooner than a sorted list of whole rows.
    """
    return _by_keys(with_own_colorizations(Photo.objects.kept()), keys)


def results_of(photos: Collection[UUID]) -> dict[UUID, UUID]:
    """For each of these photos that is in color, the version that is kept, or the newest."""
    results = _first_results().filter(source__photo__in=photos)
    return dict(results.values_list("source__photo", "pk"))


def photos_with_sha256(owner: User, digests: Iterable[str]) -> list[Photo]:
    """For each of these checksums the newest photo of the owner whose original has it, if there is one.

    Of a document it is the first page. Which checksum it was found by is its `asked_sha256`.
    """
    wanted = set(digests)
    oldest_first = Photo.objects.editable_by(owner).select_related("album").order_by("created_at")
    pages = oldest_first.filter(document_sha256__in=wanted).annotate(
        asked_sha256=F("document_sha256")
    )
    photos = oldest_first.filter(original__sha256__in=wanted).annotate(
        asked_sha256=F("original__sha256")
    )
    found = chain(pages.order_by("created_at", "-pk"), photos.order_by("created_at", "pk"))
    return list({photo.asked_sha256: photo for photo in found}.values())  # type: ignore[attr-defined]


PHOTO_ORDERS: Final[dict[str, list[Any]]] = {
    Album.PhotoOrder.NEWEST: ["-created_at", "pk"],
    Album.PhotoOrder.OLDEST: ["created_at", "pk"],
    Album.PhotoOrder.TAKEN: [F("taken_from").asc(nulls_last=True), "taken_to", "created_at", "pk"],
    # What came after the others were arranged has no place yet, and is the first to be seen.
    Album.PhotoOrder.BY_HAND: ["position", "-created_at", "pk"],
}


def in_album_order(photos: PhotoQuerySet, album: Album, *, by_section: bool) -> PhotoQuerySet:
    """As the album shows them. Without sections an index gives the order."""
    return photos.order_by(*_album_order(album, by_section=by_section))


def with_rank(photos: PhotoQuerySet, album: Album, order: str) -> PhotoQuerySet:
    """`rank`, from 1 for the first of these photos: in this order, or blank as the album shows them."""
    ordering = PHOTO_ORDERS[order] if order else _album_order(album, by_section=True)
    return photos.annotate(rank=Window(RowNumber(), order_by=ordering))


def _album_order(album: Album, *, by_section: bool) -> list[Any]:
    sections: list[Any] = [F("section__position").asc(nulls_first=True), "section_id"]
    return [*(sections if by_section else ()), *PHOTO_ORDERS[album.photo_order]]


def photos_of_keys(keys: Iterable[UUID], viewer: Viewer) -> list[Photo]:
    """The photos of these keys, in their order. Whoever sorts thousands sorts keys, not whole rows."""
    return _by_keys(with_colorizations(Photo.objects.all(), viewer), list(keys))


def _by_keys(photos: PhotoQuerySet, keys: Sequence[UUID]) -> list[Photo]:
    found = photos.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def sections_of(album: Album, viewer: Viewer) -> list[Section]:
    """In their order, with the `photo_count` that the viewer sees."""
    if isinstance(viewer, Guest):
        visible = Q(photos__in=Photo.objects.visible_to(viewer).order_by())
    elif viewer.is_staff or album.owner_id == viewer.pk:
        visible = Q()
    else:
        visible = Q(photos__hidden_at=None)
    shown = Count("photos", filter=Q(photos__trashed_at=None) & visible)
    return list(album.sections.annotate(photo_count=shown).order_by("position", "pk"))


def with_colorizations(photos: PhotoQuerySet, viewer: Viewer) -> PhotoQuerySet:
    """The photos with those of their colorizations that the viewer may see."""
    return _with_versions(
        photos, Prefetch(VERSIONS, visible_colorizations(viewer).select_related("result"))
    )


def with_own_colorizations(photos: PhotoQuerySet) -> PhotoQuerySet:
    """The owner's photos with their colorizations: all that are kept, whoever may see them otherwise."""
    return _with_versions(
        photos, Prefetch(VERSIONS, Colorization.objects.kept().select_related("result"))
    )


def add_few_colorizations(photos: Collection[Photo], viewer: Viewer) -> None:
    """To the original of each: `few_colorizations`, the first of those that the viewer may see, and how many there are.

    Keys alone are ranked, and whole rows read of the few: a photo may have very many more than are shown.
    """
    is_owner = all(photo.album.owner_id == viewer.pk for photo in photos)
    versions = Colorization.objects.kept() if is_owner else visible_colorizations(viewer)
    found: dict[UUID, list[Colorization]] = {photo.original_id: [] for photo in photos}
    for version in _few(versions.filter(source__in=list(found))):
        found[version.source_id].append(version)
    numbers = _numbers(versions, [source for source, few in found.items() if len(few) == FEW])
    for photo in photos:
        few = found[photo.original_id]
        for version in few:
            version.source = photo.original
        photo.original.few_colorizations = few  # type: ignore[attr-defined]
        number = numbers.get(photo.original_id, len(few))
        photo.original.number_of_colorizations = number  # type: ignore[attr-defined]


def _few(versions: ColorizationQuerySet) -> QuerySet[Colorization]:
    place = Window(RowNumber(), partition_by="source", order_by=KEPT_FIRST)
    keys = versions.order_by().annotate(place=place).filter(place__lte=FEW).values("pk")
    few = Colorization.objects.filter(pk__in=keys).select_related("result")
    return few.order_by(*KEPT_FIRST)


def _numbers(versions: ColorizationQuerySet, sources: Sequence[UUID]) -> dict[UUID, int]:
    if not sources:
        return {}
    counted = versions.filter(source__in=sources).order_by().values("source")
    return dict(counted.annotate(number=Count("pk")).values_list("source", "number"))


def _with_versions(photos: PhotoQuerySet, versions: Prefetch[Any, Any, Any]) -> PhotoQuerySet:
    return photos.select_related("original", "album").prefetch_related(versions)


def known_names(owner: User) -> dict[str, list[str]]:
    """The owner's people and tags, to be suggested."""
    return {
        "known_people": list(Person.objects.filter(owner=owner).values_list("name", flat=True)),
        "known_tags": list(Tag.objects.filter(owner=owner).values_list("name", flat=True)),
    }


def details_for(photo: Photo, viewer: Viewer) -> dict[str, Any]:
    """What a page shows of a photo beside its picture and title.

    `people`, `tags`, `has_details`; `has_description`: there is something to go into a download.
    """
    if not photo.shows_details_to(viewer):
        return {"people": [], "tags": [], "has_details": False, "has_description": False}
    people, tags = list(photo.people.all()), list(photo.tags.all())
    has_details = any((photo.caption, photo.place, photo.date_precision, people, tags))
    return {
        "people": people,
        "tags": tags,
        "has_details": has_details,
        "has_description": has_details or bool(photo.title),
    }


def with_details(photos: PhotoQuerySet) -> PhotoQuerySet:
    """The photos with `listed_people` and `listed_tags`: lists, since a manager for each photo costs more."""
    return photos.prefetch_related(
        Prefetch("people", to_attr="listed_people"), Prefetch("tags", to_attr="listed_tags")
    )


def photo_colorizations(photo: Photo, viewer: Viewer) -> ColorizationQuerySet:
    """The versions of a photo that the viewer may see, newest first."""
    versions: ColorizationQuerySet = visible_colorizations(viewer).filter(source=photo.original_id)
    return versions


def kept_jobs(jobs: JobQuerySet) -> JobQuerySet:
    """What lies in the trash is no work."""
    kept = Q(
        colorization__trashed_at=None,
        colorization__source__photo__trashed_at=None,
        adjustment__colorization__trashed_at=None,
        adjustment__colorization__source__photo__trashed_at=None,
        archive__album__trashed_at=None,
        download__colorization__trashed_at=None,
        download__colorization__source__photo__trashed_at=None,
    )
    return jobs.asked_for().filter(kept)


def own_jobs(owner: User) -> JobQuerySet:
    """The owner's jobs of all kinds, with what they are about."""
    own = kept_jobs(Job.objects.editable_by(owner))
    return own.select_related(
        "owner",
        "colorization__source__photo",
        "adjustment__colorization__source__photo",
        "archive",
        "download__colorization__source__photo",
    )


def any_open(photos: Iterable[Photo]) -> bool:
    """Whether something is still queued or running; for photos with prefetched colorizations."""
    return any(not version.job.is_finished for photo in photos for version in photo.colorizations)
