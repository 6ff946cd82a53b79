"""The form of the search page. It is sent by GET: an address says all that is searched for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from colorizer.models import Variant
from gallery.models import Album, Person, Tag
from gallery.search import (
    MAX_LABELS,
    MAX_QUERY_LENGTH,
    ORDERINGS,
    PhotoOrder,
    PhotoState,
    Wanted,
)

ANY: Final = [("", gettext_lazy("Any"))]


YEARS: Final[dict[str, Any]] = {"min_value": MINYEAR, "max_value": MAXYEAR, "required": False}


class SearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Words"), max_length=MAX_QUERY_LENGTH, required=False)
    album = forms.ModelChoiceField(
        Album.objects.none(), label=gettext_lazy("Album"), required=False
    )
    person = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=gettext_lazy("Person"), required=False
    )
    tag = forms.ModelMultipleChoiceField(
        Tag.objects.none(), label=gettext_lazy("Tag"), required=False
    )
    place = forms.CharField(label=gettext_lazy("Place"), required=False)
    taken_from = forms.IntegerField(label=gettext_lazy("Taken from (year)"), **YEARS)
    taken_to = forms.IntegerField(label=gettext_lazy("Taken to (year)"), **YEARS)
    undated = forms.BooleanField(label=gettext_lazy("Without a date"), required=False)
    variant = forms.ChoiceField(
        label=gettext_lazy("Style"), choices=[*ANY, *Variant.choices], required=False
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[*ANY, *PhotoState.choices], required=False
    )
    favorite = forms.BooleanField(label=gettext_lazy("Favorites"), required=False)
    order = forms.ChoiceField(
        label=gettext_lazy("Order"), choices=PhotoOrder.choices, required=False
    )

    def __init__(self, owner: User, data: QueryDict) -> None:
        super().__init__(_without_blanks(data))
        own: dict[str, QuerySet[Any]] = {
            "album": Album.objects.editable_by(owner),
            "person": Person.objects.filter(owner=owner),
            "tag": Tag.objects.filter(owner=owner),
        }
        for name, records in own.items():
            self.fields[name].queryset = records  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("taken_from"), cleaned.get("taken_to")
        if first and last and first > last:
            self.add_error("taken_to", _("The last year is before the first one."))
        for name in ("person", "tag"):
            if len(cleaned.get(name, [])) > MAX_LABELS:
                text = ngettext(
                    "Enter at most %(number)d name.", "Enter at most %(number)d names.", MAX_LABELS
                )
                self.add_error(name, text % {"number": MAX_LABELS})
        return cleaned

    @property
    def wanted(self) -> Wanted:
        asked = self.cleaned_data
        first, last = asked["taken_from"], asked["taken_to"]
        return Wanted(
            words=asked["q"],
            album=asked["album"] and asked["album"].pk,
            people=[person.pk for person in asked["person"]],
            tags=[tag.pk for tag in asked["tag"]],
            place=asked["place"],
            taken_from=first and date(first, 1, 1),
            taken_to=last and date(last, 12, 31),
            is_undated=asked["undated"],
            variant=asked["variant"],
            state=asked["state"],
            is_favorite=asked["favorite"],
        )

    @property
    def ordering(self) -> Sequence[Any]:
        return ORDERINGS[self.cleaned_data["order"] or PhotoOrder.NEWEST]


def _without_blanks(data: QueryDict) -> QueryDict:
    """A list from which nothing was chosen sends a blank, also beside what was chosen before."""
    filled = QueryDict(mutable=True)
    for name, values in data.lists():
        filled.setlist(name, [value for value in values if value])
    return filled


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the search without it."""

    text: str
    query: str


def chips(form: SearchForm) -> Iterator[Chip]:
    asked = form.cleaned_data
    for name, text in _texts(asked):
        yield Chip(text, _query_without(form.data, name))
    for name, label in (("person", _("With %(name)s")), ("tag", _("Tag: %(name)s"))):
        for chosen in asked[name]:
            text = label % {"name": chosen.name}
            yield Chip(text, _query_without(form.data, name, str(chosen.pk)))


def _texts(asked: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if asked["q"]:
        yield "q", _("“%(words)s”") % {"words": asked["q"]}
    if asked["album"]:
        yield "album", _("Album: %(title)s") % {"title": asked["album"].title}
    if asked["place"]:
        yield "place", _("Place: %(name)s") % {"name": asked["place"]}
    if asked["taken_from"]:
        yield "taken_from", _("Taken in %(year)s or later") % {"year": asked["taken_from"]}
    if asked["taken_to"]:
        yield "taken_to", _("Taken in %(year)s or before") % {"year": asked["taken_to"]}
    if asked["undated"]:
        yield "undated", _("Without a date")
    if asked["variant"]:
        yield "variant", str(Variant(asked["variant"]).label)
    if asked["state"]:
        yield "state", str(PhotoState(asked["state"]).label)
    if asked["favorite"]:
        yield "favorite", _("Favorites")


def _query_without(data: Any, name: str, value: str = "") -> str:
    """Of the address, from the first page on. Without a value, all of that name goes."""
    rest = data.copy()
    rest.pop("page", None)
    rest.setlist(name, [kept for kept in rest.getlist(name) if value and kept != value])
    return str(rest.urlencode())
