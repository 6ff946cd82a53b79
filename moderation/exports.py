"""What an export has of reports: those that the person made. Who reported the person's photos stays with the staff."""

from __future__ import annotations

from typing import Final

from gallery.export_tables import STAFF
from gallery.exports import Table
from moderation.models import Report

REPORTS: Final = Table(
    "reports",
    Report,
    lambda owner: Report.objects.filter(reporter=owner),
    {"resolved_by": STAFF},
)
