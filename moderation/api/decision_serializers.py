"""How the API takes decisions of staff, and shows them."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.contrib.admin.models import LogEntry
from django.db.models import BigIntegerField
from rest_framework import serializers

from accounts.models import User
from gallery.api.links import Link

MOST_AT_ONCE: Final = 200
REPORT_DECISIONS: Final = ["hide", "dismiss"]
HIDING_DECISIONS: Final = ["hide", "restore"]
MEMBER_DECISIONS: Final = ["suspend", "reinstate", "reset_two_factor"]
JOB_DECISIONS: Final = ["retry", "cancel", "put_first"]


class RecordNumberField(serializers.IntegerField):
    """A key that the database can compare."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=BigIntegerField.MAX_BIGINT, **options)


class StaffSerializer(serializers.ModelSerializer[User]):
    """Somebody, for members of the staff."""

    class Meta:
        model = User
        fields = ["id", "email", "name"]
        read_only_fields = fields


class DecisionSerializer(serializers.ModelSerializer[LogEntry]):
    """An entry of the staff's log."""

    url = Link("api:decision-detail")
    created_at = serializers.DateTimeField(source="action_time", read_only=True)
    decided_by = StaffSerializer(source="user", read_only=True)
    about_kind = serializers.CharField(
        source="content_type.model",
        default="",
        read_only=True,
        help_text="report, photo, album, user, ...",
    )
    about_id = serializers.CharField(source="object_id", read_only=True)
    about_name = serializers.CharField(source="object_repr", read_only=True)
    text = serializers.SerializerMethodField(help_text="What was done, with the reason.")

    class Meta:
        model = LogEntry
        fields = [
            "id",
            "url",
            "created_at",
            "decided_by",
            "about_kind",
            "about_id",
            "about_name",
            "text",
        ]
        read_only_fields = fields

    def get_text(self, entry: LogEntry) -> str:
        return str(entry.get_change_message() or entry.get_action_flag_display())


class OrderSerializer(serializers.Serializer[Any]):
    """
    Attributes:
        with_reason: decisions that need one.
    """

    with_reason: ClassVar[tuple[str, ...]]

    reason = serializers.CharField(
        max_length=300, default="", allow_blank=True, help_text="One or two sentences."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["decision"] in self.with_reason and not attrs["reason"]:
            text = self.fields["reason"].error_messages["required"]
            raise serializers.ValidationError({"reason": text}, "required")
        return attrs

    def reason_given(self) -> dict[str, str]:
        """As keyword arguments of the decision."""
        asked = self.validated_data
        needs_one = asked["decision"] in self.with_reason
        return {"reason": asked["reason"]} if needs_one else {}


class ReportOrderSerializer(OrderSerializer):
    """Hide the photo, for a reason that its owner reads, or dismiss the report."""

    with_reason = ("hide",)
    decision = serializers.ChoiceField(REPORT_DECISIONS)


class HidingOrderSerializer(OrderSerializer):
    """Hide from everybody but owner and staff, for a reason that the owner reads, or restore."""

    with_reason = ("hide",)
    decision = serializers.ChoiceField(HIDING_DECISIONS)


class MemberOrderSerializer(OrderSerializer):
    """Suspend for a reason that the person reads, reinstate, or turn the second factor off.

    The reason of the last is how you made sure who asked. It stands in the log, which only staff read.
    """

    with_reason = ("suspend", "reset_two_factor")
    decision = serializers.ChoiceField(MEMBER_DECISIONS)


class JobOrderSerializer(OrderSerializer):
    """Queue it again after it failed or was cancelled, stop it, or let it be next in its queue."""

    with_reason = ()
    decision = serializers.ChoiceField(JOB_DECISIONS)


def many(child: serializers.Field[Any, Any, Any, Any]) -> serializers.ListField:
    """The keys of what is decided about."""
    return serializers.ListField(child=child, min_length=1, max_length=MOST_AT_ONCE)


class ReportsOrderSerializer(ReportOrderSerializer):
    ids = many(RecordNumberField())


class HidingsOrderSerializer(HidingOrderSerializer):
    ids = many(serializers.UUIDField())


class MembersOrderSerializer(MemberOrderSerializer):
    ids = many(RecordNumberField())


class JobsOrderSerializer(JobOrderSerializer):
    ids = many(serializers.UUIDField())


class DecisionOutcomeSerializer(serializers.Serializer[Any]):
    """What became of one of them."""

    id = serializers.CharField()
    status = serializers.ChoiceField(["done", "already_decided", "not_found", "permission_denied"])
    detail = serializers.CharField(default="", help_text="Blank unless nothing was decided.")
    decision = DecisionSerializer(default=None, allow_null=True)
