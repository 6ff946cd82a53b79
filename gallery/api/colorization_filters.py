"""The query parameters that a list of your colorizations is filtered by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Q
from rest_framework import serializers

from accounts.models import User
from colorizer.models import Colorization, ColorizationQuerySet, Variant
from gallery.models import MediaKind
from jobs.models import Job

State = Job.State
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)
"""SQLite compares texts, in which a moment itself may be written longer than it was kept."""


FEW: Final = 500
"""Keys that a query takes well."""


class ColorizationFilterSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(State.choices, default="")
    variant = serializers.ChoiceField(Variant.choices, default="")
    media_kind = serializers.ChoiceField(MediaKind.choices, default="")
    album = serializers.UUIDField(default=None, help_text="Of the photos in this album.")
    photo = serializers.UUIDField(default=None)
    changed_since = serializers.DateTimeField(
        default=None, help_text="Those whose changed_at is this moment or later."
    )


def wanted(owner: User, asked: dict[str, Any]) -> ColorizationQuerySet:
    """Args: asked: what the serializer has found."""
    found = _candidates(owner, asked)
    if asked["state"]:
        found = found.filter(job__state=asked["state"])
    if asked["variant"]:
        found = found.filter(variant=asked["variant"])
    if asked["media_kind"]:
        found = found.filter(MediaKind(asked["media_kind"]).of("source__photo__"))
    if asked["album"]:
        found = found.filter(source__photo__album=asked["album"])
    if asked["photo"]:
        found = found.filter(source__photo=asked["photo"])
    return found


def _candidates(owner: User, asked: dict[str, Any]) -> ColorizationQuerySet:
    """From where a database is to begin: it can't know that few of very many are wanted."""
    kept = Colorization.objects.kept()
    if since := asked["changed_since"]:
        return _changed(owner, max(since, LONG_AGO) - TICK)
    if asked["state"] and asked["state"] != State.SUCCEEDED:
        jobs = Job.objects.filter(owner=owner, state=asked["state"]).order_by()
        return kept.filter(job__in=jobs.values("pk"))
    own: ColorizationQuerySet = Colorization.objects.editable_by(owner)
    return own


def _changed(owner: User, before: datetime) -> ColorizationQuerySet:
    """Few are found by what changed. Where that is very much, there are soon enough among the newest."""
    own = Colorization.objects.editable_by(owner)
    ways = (
        Q(job__owner=owner, job__finished_at__gt=before),
        # What is open has begun to be, or to run, at one of two times.
        Q(job__owner=owner, job__state__in=Job.OPEN_STATES)
        & (Q(job__queued_at__gt=before) | Q(job__started_at__gt=before)),
        Q(owner=owner, changed_at__gt=before),
    )
    each = [
        Colorization.objects.filter(way).order_by().values_list("pk", flat=True) for way in ways
    ]
    keys = list(each[0].union(*each[1:], all=True)[:FEW])
    found: ColorizationQuerySet = (
        own.filter(pk__in=keys) if len(keys) < FEW else own.filter(reduce(or_, ways))
    )
    return found
