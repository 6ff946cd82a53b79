"""Pictures that are damaged at random: no decoder dies of one, none takes long."""

from __future__ import annotations

import pytest

from tests.hostile import fuzz

NUMBERS = range(2000)


def test_the_seeds_are_whole_pictures() -> None:
    found = fuzz.verdicts(enumerate(fuzz.seeds()))
    assert [verdict for verdict in found if verdict.outcome != "decoded"] == []


def test_the_same_number_is_the_same_file() -> None:
    known = fuzz.seeds()
    assert [fuzz.mutation(n, known) for n in range(50)] == [
        fuzz.mutation(n, known) for n in range(50)
    ]


@pytest.mark.slow
def test_no_decoder_is_lost() -> None:
    found = list(fuzz.verdicts(fuzz.mutations(NUMBERS, fuzz.seeds())))
    assert [verdict for verdict in found if verdict.is_lost] == []
    assert max(verdict.seconds for verdict in found) < fuzz.LIMIT_SECONDS
    assert {"decoded", "damaged_picture"} < {verdict.outcome for verdict in found}
