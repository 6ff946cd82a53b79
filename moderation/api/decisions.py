"""What staff decide by the API, and the log of what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from gallery.api.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from gallery.api.pagination import NewestFirstPagination
from gallery.api.permissions import current_user
from gallery.api.problems import AlreadyDecided
from gallery.api.responses import created
from jobs.errors import GoneError
from moderation.api.decision_serializers import (
    DecisionOutcomeSerializer,
    DecisionSerializer,
    OrderSerializer,
)
from moderation.api.permissions import IsStaff, MayModerate, may_look

Record = TypeVar("Record", bound=Model)
Decide = Callable[..., LogEntry | None]


class Decisions(GenericAPIView[Record]):
    """
    Attributes:
        decisions: by name; those that need a reason take one.
    """

    permission_classes = [IsStaff, MayModerate]
    model: type[Record]
    decisions: ClassVar[Mapping[str, Decide]]

    def check_subject(self, record: Record) -> None:
        """Refuse what staff may not decide about."""

    def order(self) -> OrderSerializer:
        order = cast("OrderSerializer", self.get_serializer(data=self.request.data))
        order.is_valid(raise_exception=True)
        return order

    def decide(self, record: Record, order: OrderSerializer) -> LogEntry:
        """
        Raises:
            AlreadyDecided: a colleague was faster.
            PermissionDenied: nobody decides that about this record.
        """
        self.check_subject(record)
        decide = self.decisions[order.validated_data["decision"]]
        entry = decide(record, current_user(self.request), **order.reason_given())
        if entry is None:
            raise AlreadyDecided
        return entry


class DecisionsOfOne(Decisions[Record]):
    problems = {"POST": (409,)}

    @extend_schema(responses={201: DecisionSerializer})
    def post(self, request: Request, pk: UUID | int) -> Response:
        """Decide, once: what is decided already is refused."""
        record = self.get_object()
        entry = self.decide(record, self.order())
        return created(DecisionSerializer(entry, context=self.get_serializer_context()))


class DecisionsOfMany(Decisions[Record]):
    pagination_class = None

    @extend_schema(responses=DecisionOutcomeSerializer(many=True))
    def post(self, request: Request) -> Response:
        """Decide the same about up to 200, each for itself. Outcomes come in the order in which they are named."""
        order = self.order()
        keys = list(dict.fromkeys(order.validated_data["ids"]))
        found = self.get_queryset().in_bulk(keys)
        outcomes = [self._outcome(key, found.get(key), order) for key in keys]
        context = self.get_serializer_context()
        return Response(DecisionOutcomeSerializer(outcomes, many=True, context=context).data)

    def _outcome(
        self, key: UUID | int, record: Record | None, order: OrderSerializer
    ) -> dict[str, Any]:
        if record is None:
            return {"id": key, "status": "not_found", "detail": NotFound.default_detail}
        try:
            return {"id": key, "status": "done", "decision": self.decide(record, order)}
        except GoneError as error:
            return {"id": key, "status": "not_found", "detail": str(error)}
        except (AlreadyDecided, PermissionDenied) as error:
            return {"id": key, "status": error.get_codes(), "detail": error.detail}


class LogPagination(NewestFirstPagination):
    ordering = ("-action_time", "id")


class Log(GenericAPIView[LogEntry]):
    """What staff did: all of it for those who may read the log, else what is about records that they may look at."""

    permission_classes = [IsStaff]
    serializer_class = DecisionSerializer

    def get_queryset(self) -> QuerySet[LogEntry]:
        return entries_for(current_user(self.request)).select_related("user", "content_type")


class DecisionList(Log, ListAPIView[LogEntry]):
    """What staff decided, newest first. Nothing of it is changed or deleted."""

    pagination_class = LogPagination


class DecisionDetail(Log, RetrieveAPIView[LogEntry]):
    """One decision of staff."""


def entries_for(staff: User) -> QuerySet[LogEntry]:
    """As the staff pages show them: the whole log, or the history of a record to whoever may look at it."""
    if may_look(staff, LogEntry):
        return LogEntry.objects.all()
    kinds = [kind.pk for kind in ContentType.objects.all() if _may_look_at(staff, kind)]
    return LogEntry.objects.filter(content_type__in=kinds)


def _may_look_at(staff: User, kind: ContentType) -> bool:
    model = kind.model_class()
    return model is not None and may_look(staff, model)
