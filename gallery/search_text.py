"""What a search finds a photo by: all its words in one text, which every service keeps true."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from django.utils import translation

from filestore.services import in_batches
from gallery import dates
from gallery.models import Photo
from gallery.titles import readable

YEARS_NAMED: Final = 10
PHOTOS_PER_QUERY: Final = 200
ACCENTS: Final = re.compile("[\u0300-\u036f]+")
PLAIN_LETTERS: Final = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "\u0131": "i",
    }
)
"""Letters with a stroke and the like, which Unicode takes for whole ones."""


def fold(text: str) -> str:
    """As words are compared: neither upper and lower case nor widths make a difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def searchable(text: str) -> str:
    """As photos are searched: accents make no difference either. In names they do, José is not Jose."""
    return without_accents(fold(text))


def without_accents(text: str) -> str:
    """Of Latin, Greek and Cyrillic letters: what other scripts combine with a letter makes another one of it."""
    decomposed = unicodedata.normalize("NFD", text.translate(PLAIN_LETTERS))
    return unicodedata.normalize("NFC", ACCENTS.sub("", decomposed))


def search_text(photo: Photo, names: Iterable[str]) -> str:
    """Title, caption, place, people, tags, file name and date of a photo, one a line.

    Args:
        names: of its people and tags.
    """
    texts = [
        photo.title,
        photo.caption,
        photo.place,
        *names,
        photo.original_name,
        readable(photo.original_name),
        *_date_words(photo),
    ]
    return "\n".join(dict.fromkeys(filter(None, map(searchable, texts))))


def _date_words(photo: Photo) -> Iterator[str]:
    taken = dates.of_photo(photo)
    if taken is None:
        return
    for language in dates.LANGUAGES:
        with translation.override(language):
            yield dates.words(taken)
    yield dates.edtf(taken)
    years = range(taken.first.year, taken.last.year + 1)
    if len(years) <= YEARS_NAMED:
        yield from map(str, years)


def refresh(photos: Iterable[Photo]) -> None:
    """Write it for photos whose words were changed, in the caller's transaction."""
    keys = [photo.pk for photo in photos]
    for some in in_batches(keys, PHOTOS_PER_QUERY):
        changed = list(Photo.objects.filter(pk__in=some).prefetch_related("people", "tags"))
        for photo in changed:
            labels = (*photo.people.all(), *photo.tags.all())
            photo.search_text = search_text(photo, [label.name for label in labels])
        Photo.objects.bulk_update(changed, ["search_text"])
