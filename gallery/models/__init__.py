"""Albums, photos with what is known of them, links to them, files to download, and notices."""

from gallery.models.abstract import Hideable, Trashable
from gallery.models.albums import Album, AlbumQuerySet, Section, Viewer, published
from gallery.models.archives import (
    Archive,
    ArchivePart,
    ArchiveQuerySet,
    Download,
    DownloadQuerySet,
)
from gallery.models.changes import LibraryChange
from gallery.models.idempotency import IdempotentRequest
from gallery.models.labels import Label, Person, Tag
from gallery.models.notices import Notice, NoticeQuerySet
from gallery.models.photos import MediaKind, Photo, PhotoQuerySet, flaw_choices, format_choices
from gallery.models.shares import Guest, Share, ShareQuerySet

__all__ = [
    "Album",
    "AlbumQuerySet",
    "Archive",
    "ArchivePart",
    "ArchiveQuerySet",
    "Download",
    "DownloadQuerySet",
    "Guest",
    "Hideable",
    "IdempotentRequest",
    "Label",
    "LibraryChange",
    "MediaKind",
    "Notice",
    "NoticeQuerySet",
    "Person",
    "Photo",
    "PhotoQuerySet",
    "Section",
    "Share",
    "ShareQuerySet",
    "Tag",
    "Trashable",
    "Viewer",
    "flaw_choices",
    "format_choices",
    "published",
]
