"""How the API takes decisions of staff, and shows them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.admin.models import LogEntry
from rest_framework import serializers

from accounts.models import User
from gallery.api.links import Link


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
    decision = serializers.ChoiceField(["hide", "dismiss"])


class HidingOrderSerializer(OrderSerializer):
    """Hide from everybody but owner and staff, for a reason that the owner reads, or restore."""

    with_reason = ("hide",)
    decision = serializers.ChoiceField(["hide", "restore"])


class MemberOrderSerializer(OrderSerializer):
    """Suspend for a reason that the person reads, reinstate, or turn the second factor off.

    The reason of the last is how you made sure who asked. It stands in the log, which only staff read.
    """

    with_reason = ("suspend", "reset_two_factor")
    decision = serializers.ChoiceField(["suspend", "reinstate", "reset_two_factor"])
