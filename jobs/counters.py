"""Figures that only grow, whatever becomes of the jobs that they are about.

Rows are only added: a transaction that counts waits for no other, wherever in it that is done.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from django.db import transaction
from django.db.models import Count, Sum

from jobs.models import Counter

Labels = Mapping[str, str]

BUCKETS: Final = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
"""Upper ends, in seconds; longer ones are in a last bucket without an end."""
INFINITY: Final = "+Inf"
MERGE_FROM: Final = 20
"""Rows of one counter from which on they are merged."""


@dataclass(frozen=True)
class Histogram:
    """`buckets` maps each upper end to the number of values up to it, the last is +Inf."""

    labels: Labels
    buckets: Mapping[str, float]
    total: float


def add(name: str, amount: float = 1, /, **labels: str) -> None:
    """Count in the transaction that is under way: what is rolled back is not counted."""
    Counter.objects.create(name=name, labels=_canonical(labels), value=amount)


def observe(name: str, seconds: float, /, **labels: str) -> None:
    """Count a value of a histogram."""
    end = next((str(end) for end in BUCKETS if seconds <= end), INFINITY)
    add(f"{name}_bucket", le=end, **labels)
    add(f"{name}_sum", max(0, seconds), **labels)


def read(name: str) -> list[tuple[Labels, float]]:
    """Each set of labels that was ever counted, with its figure."""
    rows = Counter.objects.filter(name=name).order_by("labels").values_list("labels")
    return [(json.loads(labels), value) for labels, value in rows.annotate(Sum("value"))]


def read_histograms(name: str) -> list[Histogram]:
    counts: dict[str, dict[str, float]] = defaultdict(dict)
    for labels, value in read(f"{name}_bucket"):
        others = {key: text for key, text in labels.items() if key != "le"}
        counts[_canonical(others)][labels["le"]] = value
    totals = {_canonical(labels): value for labels, value in read(f"{name}_sum")}
    return [
        Histogram(json.loads(labels), _cumulative(found), totals[labels])
        for labels, found in counts.items()
    ]


def merge() -> None:
    """Join the rows of each counter into one. Several processes may do it at the same time."""
    many = Counter.objects.order_by().values_list("name", "labels").annotate(rows=Count("pk"))
    for name, labels, _ in many.filter(rows__gte=MERGE_FROM):
        _merge(name, labels)


@transaction.atomic
def _merge(name: str, labels: str) -> None:
    rows = Counter.objects.filter(name=name, labels=labels)
    # Those that another process merges at this moment are its own.
    own = dict(rows.select_for_update(skip_locked=True).values_list("pk", "value"))
    if own:
        last = max(own)
        Counter.objects.filter(pk=last).update(value=sum(own.values()))
        Counter.objects.filter(pk__in=own.keys() - {last}).delete()


def _canonical(labels: Labels) -> str:
    return json.dumps(labels, sort_keys=True)


def _cumulative(counts: Mapping[str, float]) -> Mapping[str, float]:
    ends = [*map(str, BUCKETS), INFINITY]
    return dict(zip(ends, accumulate(counts.get(end, 0) for end in ends), strict=True))
