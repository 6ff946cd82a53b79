"""What staff look at and decide by the API: reports, photos, albums, members."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from accounts import second_factor
from accounts.models import User
from gallery.api.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from gallery.api.pagination import NewestFirstPagination
from gallery.api.permissions import current_user
from gallery.models import Album, Photo
from moderation import decisions
from moderation.api import filters
from moderation.api.decision_serializers import (
    HidingOrderSerializer,
    HidingsOrderSerializer,
    MemberOrderSerializer,
    MembersOrderSerializer,
    ReportOrderSerializer,
    ReportsOrderSerializer,
)
from moderation.api.decisions import Decide, Decisions, DecisionsOfMany, DecisionsOfOne
from moderation.api.permissions import IsStaff, MayModerate
from moderation.api.serializers import (
    MemberSerializer,
    ModeratedAlbumSerializer,
    ModeratedPhotoSerializer,
    ModeratedReportSerializer,
    ReportWithOthersSerializer,
)
from moderation.models import Report

HIDING: dict[str, Decide] = {"hide": decisions.hide, "restore": decisions.restore}


class ReportPagination(NewestFirstPagination):
    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        if request.query_params.get("order") == "oldest":
            return ("created_at", "id")
        return self.ordering


class Reports(GenericAPIView[Report]):
    model = Report
    permission_classes = [IsStaff, MayModerate]

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.select_related(
            "colorization__source__photo__album__owner",
            "colorization__source__photo__hidden_by",
            "reporter",
            "resolved_by",
        )


@extend_schema_view(get=extend_schema(parameters=[filters.ReportFilterSerializer]))
class ReportList(Reports, ListAPIView[Report]):
    """What people reported about published colorizations."""

    serializer_class = ModeratedReportSerializer
    query_serializer = filters.ReportFilterSerializer
    pagination_class = ReportPagination

    def get_queryset(self) -> QuerySet[Report]:
        return filters.reports(self.request, super().get_queryset())


class ReportDetail(Reports, RetrieveAPIView[Report]):
    """One report, with the others about the same photo."""

    serializer_class = ReportWithOthersSerializer


class OfReports(Reports, Decisions[Report]):
    decisions: ClassVar[dict[str, Decide]] = {
        "hide": decisions.hide_reported,
        "dismiss": decisions.dismiss,
    }


class ReportDecisions(OfReports, DecisionsOfOne[Report]):
    serializer_class = ReportOrderSerializer


class ReportsDecisions(OfReports, DecisionsOfMany[Report]):
    serializer_class = ReportsOrderSerializer


class Photos(GenericAPIView[Photo]):
    model = Photo
    permission_classes = [IsStaff, MayModerate]
    serializer_class = ModeratedPhotoSerializer

    def get_queryset(self) -> QuerySet[Photo]:
        return Photo.objects.select_related("album__owner", "hidden_by")


@extend_schema_view(get=extend_schema(parameters=[filters.HiddenFilterSerializer]))
class PhotoList(Photos, ListAPIView[Photo]):
    """Everybody's photos, newest first."""

    query_serializer = filters.HiddenFilterSerializer

    def get_queryset(self) -> QuerySet[Photo]:
        return filters.hidden(self.request, super().get_queryset(), "album__owner")


class PhotoDetail(Photos, RetrieveAPIView[Photo]):
    """One photo, as staff see it."""


class PhotoDecisions(Photos, DecisionsOfOne[Photo]):
    serializer_class = HidingOrderSerializer  # type: ignore[assignment]  # of the request
    decisions = HIDING


class PhotosDecisions(Photos, DecisionsOfMany[Photo]):
    serializer_class = HidingsOrderSerializer  # type: ignore[assignment]  # of the request
    decisions = HIDING


class Albums(GenericAPIView[Album]):
    model = Album
    permission_classes = [IsStaff, MayModerate]
    serializer_class = ModeratedAlbumSerializer

    def get_queryset(self) -> QuerySet[Album]:
        return Album.objects.select_related("owner", "hidden_by")


@extend_schema_view(get=extend_schema(parameters=[filters.HiddenFilterSerializer]))
class AlbumList(Albums, ListAPIView[Album]):
    """Everybody's albums, newest first."""

    query_serializer = filters.HiddenFilterSerializer

    def get_queryset(self) -> QuerySet[Album]:
        return filters.hidden(self.request, super().get_queryset(), "owner")


class AlbumDetail(Albums, RetrieveAPIView[Album]):
    """One album, as staff see it."""


class AlbumDecisions(Albums, DecisionsOfOne[Album]):
    serializer_class = HidingOrderSerializer  # type: ignore[assignment]  # of the request
    decisions = HIDING


class AlbumsDecisions(Albums, DecisionsOfMany[Album]):
    serializer_class = HidingsOrderSerializer  # type: ignore[assignment]  # of the request
    decisions = HIDING


class MemberPagination(NewestFirstPagination):
    ordering = ("-date_joined", "id")


class Members(GenericAPIView[User]):
    model = User
    permission_classes = [IsStaff, MayModerate]
    serializer_class = MemberSerializer

    def get_queryset(self) -> QuerySet[User]:
        factors = second_factor.factors().filter(user=OuterRef("pk"))
        members: QuerySet[User] = User.objects.select_related("suspended_by")
        return members.annotate(has_two_factor=Exists(factors))


@extend_schema_view(get=extend_schema(parameters=[filters.MemberFilterSerializer]))
class MemberList(Members, ListAPIView[User]):
    """Who is here, who came last first."""

    query_serializer = filters.MemberFilterSerializer
    pagination_class = MemberPagination

    def get_queryset(self) -> QuerySet[User]:
        return filters.members(self.request, super().get_queryset())


class MemberDetail(Members, RetrieveAPIView[User]):
    """One account, as staff see it."""


class OfMembers(Members, Decisions[User]):
    decisions: ClassVar[dict[str, Decide]] = {
        "suspend": decisions.suspend,
        "reinstate": decisions.reinstate,
        "reset_two_factor": decisions.reset_second_factor,
    }

    def check_subject(self, record: User) -> None:
        staff = current_user(self.request)
        if record == staff or not decisions.may_manage(staff, record):
            raise PermissionDenied(
                _("You can't do this to your own account, and only superusers can do it to staff.")
            )


class MemberDecisions(OfMembers, DecisionsOfOne[User]):
    serializer_class = MemberOrderSerializer  # type: ignore[assignment]  # of the request


class MembersDecisions(OfMembers, DecisionsOfMany[User]):
    serializer_class = MembersOrderSerializer  # type: ignore[assignment]  # of the request
