"""The query parameters of the staff's lists."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import User
from gallery.models import Album, Photo
from jobs import kinds
from jobs.models import Job, JobQuerySet, Queue
from moderation.api.decision_serializers import RecordNumberField
from moderation.models import Report

Hidden = TypeVar("Hidden", Album, Photo)


class ReportFilterSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(["open", "decided"], default="")
    reason = serializers.ChoiceField(Report.Reason.choices, default="")
    outcome = serializers.ChoiceField(Report.Outcome.choices, default="")
    photo = serializers.UUIDField(default=None, help_text="What is reported.")
    owner = RecordNumberField(default=None, help_text="Whose photo it is.")
    order = serializers.ChoiceField(["newest", "oldest"], default="newest")


class HiddenFilterSerializer(serializers.Serializer[Any]):
    hidden = serializers.BooleanField(default=None, allow_null=True)
    owner = RecordNumberField(default=None)


class MemberFilterSerializer(serializers.Serializer[Any]):
    q = serializers.CharField(default="", help_text="A part of the address or the name.")
    suspended = serializers.BooleanField(default=None, allow_null=True)


class ModeratedJobFilterSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(Job.State.choices, default="")
    kind = serializers.ChoiceField(
        [(kind.name, kind.name) for kind in kinds.all_kinds()], default=""
    )
    queue = serializers.ChoiceField(Queue.choices, default="")
    error_code = serializers.CharField(default="")
    owner = RecordNumberField(default=None)


def jobs(request: Request, found: JobQuerySet) -> JobQuerySet:
    asked = _asked(ModeratedJobFilterSerializer, request)
    return found.filter(**{name: value for name, value in asked.items() if value})


def reports(request: Request, found: QuerySet[Report]) -> QuerySet[Report]:
    asked = _asked(ReportFilterSerializer, request)
    conditions = {
        "resolved_at__isnull": {"open": True, "decided": False}.get(asked["state"]),
        "reason": asked["reason"] or None,
        "outcome": asked["outcome"] or None,
        "colorization__source__photo": asked["photo"],
        "colorization__source__owner": asked["owner"],
    }
    return found.filter(**_given(conditions))


def hidden(request: Request, found: QuerySet[Hidden], owner: str) -> QuerySet[Hidden]:
    asked = _asked(HiddenFilterSerializer, request)
    shown = None if asked["hidden"] is None else not asked["hidden"]
    return found.filter(**_given({"hidden_at__isnull": shown, owner: asked["owner"]}))


def members(request: Request, found: QuerySet[User]) -> QuerySet[User]:
    asked = _asked(MemberFilterSerializer, request)
    named = Q(email__icontains=asked["q"]) | Q(name__icontains=asked["q"])
    active = None if asked["suspended"] is None else not asked["suspended"]
    return found.filter(named, **_given({"is_active": active}))


def _given(conditions: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in conditions.items() if value is not None}


def _asked(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    filters = serializer(data=request.query_params)
    filters.is_valid(raise_exception=True)
    asked: dict[str, Any] = filters.validated_data
    return asked
