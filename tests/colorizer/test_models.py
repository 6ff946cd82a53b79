"""What the database itself refuses to record of a colorization."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from colorizer.models import Colorization, CurrentWeights
from jobs.models import Job
from tests.factories import make_colorization

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "impossible",
    [
        {"weights_name": ""},
        {"weights_sha256": ""},
        {"used_render_factor": None},
        {"used_render_factor": 7},
        {"used_render_factor": 21},
        {"result": None},
        {"variant": "sepia"},
        {"render_factor": 7},
        {"render_factor": 41},
    ],
)
def test_database_knows_what_made_a_result(impossible: dict[str, object]) -> None:
    colorization = make_colorization(render_factor=20)
    with pytest.raises(IntegrityError), transaction.atomic():
        Colorization.objects.filter(pk=colorization.pk).update(**impossible)


@pytest.mark.parametrize(
    "impossible",
    [{"weights_name": "compact-stable"}, {"weights_sha256": "0" * 64}, {"used_render_factor": 20}],
)
def test_database_holds_no_weights_without_a_result(impossible: dict[str, object]) -> None:
    colorization = make_colorization(state=Job.State.QUEUED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Colorization.objects.filter(pk=colorization.pk).update(**impossible)


def test_database_holds_one_colorization_a_job_and_one_a_result() -> None:
    first, second = make_colorization(), make_colorization()
    for field in ("job", "result"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Colorization.objects.filter(pk=second.pk).update(**{field: getattr(first, field)})


def test_database_knows_the_variants_of_current_weights() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CurrentWeights.objects.create(variant="sepia", name="sepia", sha256="0" * 64)
