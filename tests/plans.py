"""How the database reads what a page asks for."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


def scans_of(table: str, asked: CaptureQueriesContext) -> list[str]:
    """Steps that read a table from one end to the other, by an index or without."""
    if connection.vendor != "sqlite":
        pytest.skip("Plans of PostgreSQL depend on how full the tables are")
    with connection.cursor() as cursor:
        plans = [
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}").fetchall()
            for query in asked.captured_queries
            if query["sql"].startswith("SELECT")
        ]
    steps = [step for plan in plans for *_, step in plan]
    return [step for step in steps if step.startswith(f"SCAN {table}")]
