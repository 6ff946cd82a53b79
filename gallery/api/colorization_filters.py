"""The query parameters that a list of your colorizations is filtered by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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
    if since := asked["changed_since"]:
        before = max(since, LONG_AGO) - TICK
        changed = _changed_job(before, owner), Q(changed_at__gt=before, owner=owner)
        keys = [Colorization.objects.filter(each).order_by().values("pk") for each in changed]
        return _with_keys(Q(pk__in=keys[0].union(keys[1])))
    if asked["state"] and asked["state"] != State.SUCCEEDED:
        jobs = Job.objects.filter(owner=owner, state=asked["state"]).order_by()
        return _with_keys(Q(job__in=jobs.values("pk")))
    own: ColorizationQuerySet = Colorization.objects.editable_by(owner)
    return own


def _with_keys(keys: Q) -> ColorizationQuerySet:
    kept: ColorizationQuerySet = Colorization.objects.kept().filter(keys)
    return kept


def _changed_job(before: datetime, owner: User) -> Q:
    """What is open has begun to be, or to run, at one of two times."""
    jobs = Job.objects.filter(owner=owner).order_by()
    ended = jobs.filter(finished_at__gt=before)
    begun = jobs.open().filter(Q(queued_at__gt=before) | Q(started_at__gt=before))
    return Q(job__in=ended.values("pk").union(begun.values("pk")))
