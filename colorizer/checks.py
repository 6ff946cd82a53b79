"""What is wrong with a site's weights is told when it starts, before a job fails."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning, register  # noqa: A004  (Django's name)

from colorizer.engine.errors import WeightsError
from colorizer.engine.variants import VARIANTS, Variant
from colorizer.weights_store.choice import choose
from jobs.checks import WORKERS


@register(WORKERS)
def check_weights(**kwargs: Any) -> list[CheckMessage]:
    """Warnings, since an error would stop the worker for the other variants, too."""
    return [warning for variant in VARIANTS for warning in _warnings(variant)]


def _warnings(variant: Variant) -> list[CheckMessage]:
    try:
        choose(variant)
    except WeightsError as error:
        return [Warning(str(error), id="colorizer.W001")]
    return []
