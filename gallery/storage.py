"""What somebody's storage is filled with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.uploads import reserved_for
from gallery.models import Album, Photo
from gallery.trash.contents import Trash

Purpose = StoredFile.Purpose

KINDS: Final[dict[str, tuple[Promise | str, tuple[str, ...]]]] = {
    "originals": (_("Originals"), (Purpose.ORIGINAL,)),
    "results": (_("Colored photos"), (Purpose.RESULT,)),
    "previews": (
        _("Previews for the screen"),
        (Purpose.DISPLAY, Purpose.THUMBNAIL, Purpose.SMALL, Purpose.PREVIEW, Purpose.PACK),
    ),
    "archives": (_("Zip files"), (Purpose.ARCHIVE, Purpose.DOWNLOAD)),
}
OTHERS: Final = "others"
NAMES: Final = [*KINDS, OTHERS]
LARGEST_ALBUMS: Final = 5


@dataclass(frozen=True)
class Kind:
    """A part of the bar.

    Attributes:
        start: where it begins, in percent of the bar.
        width: in percent of the bar.
    """

    name: str
    label: Promise | str
    bytes: int
    start: float
    width: float


@dataclass(frozen=True)
class Overview:
    """How much is kept for somebody, and where to make room.

    Attributes:
        bytes_free: None without a limit.
        albums: the largest, with `bytes_of_originals`.
    """

    bytes_used: int
    bytes_reserved: int
    quota_bytes: int | None
    bytes_free: int | None
    trash_bytes: int
    kinds: Sequence[Kind]
    albums: Sequence[Album]


def line_of(owner: User) -> dict[str, int | None]:
    """In one line: what the template of it needs."""
    return {"bytes_used": filestore.usage_of(owner), "quota_bytes": filestore.quota_of(owner)}


def overview(owner: User) -> Overview:
    totals = filestore.usage_by_purpose(owner)
    used = filestore.usage_in(totals)
    quota, reserved = filestore.quota_of(owner), reserved_for(owner)
    return Overview(
        bytes_used=used,
        bytes_reserved=reserved,
        quota_bytes=quota,
        bytes_free=None if quota is None else max(quota - used - reserved, 0),
        trash_bytes=Trash.of(owner).total_bytes(),
        kinds=kinds(totals, quota),
        albums=largest_albums(owner),
    )


def kinds(totals: Mapping[str, int], quota: int | None) -> list[Kind]:
    """What is there, in the order of the bar. The quota is its length, or all that is kept where that is more.

    Args:
        totals: bytes by purpose.
    """
    sizes = {
        name: sum(totals.get(purpose, 0) for purpose in purposes)
        for name, (_label, purposes) in KINDS.items()
    }
    sizes[OTHERS] = sum(totals.values()) - sum(sizes.values())
    labels = {name: label for name, (label, _purposes) in KINDS.items()} | {
        OTHERS: _("Other files")
    }
    # Zip files and previews are in the bar, too, although they do not count.
    length = max(sum(sizes.values()), quota or 0)
    bar, start = [], 0.0
    for name, size in sizes.items():
        width = 100 * size / max(length, 1)
        if size:
            bar.append(Kind(name, labels[name], size, round(start, 3), round(width, 3)))
        start += width
    return bar


def largest_albums(owner: User) -> list[Album]:
    """With `bytes_of_originals`."""
    # Photos are summed before albums are asked for: their index has them by album, so that nothing is sorted.
    kept = Photo.objects.kept().order_by().filter(album__in=Album.objects.editable_by(owner))
    sums = kept.values("album").annotate(total=Sum("original__bytes"))
    totals = dict(sums.order_by("-total", "album").values_list("album", "total")[:LARGEST_ALBUMS])
    albums = Album.objects.in_bulk(totals)
    for key, total in totals.items():
        albums[key].bytes_of_originals = total  # type: ignore[attr-defined]  # as an annotation
    return [albums[key] for key in totals]
