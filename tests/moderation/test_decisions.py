"""Two members of the staff decide at the same time: the second learns of it, and nothing is logged twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from gallery.models import Photo
from jobs.errors import GoneError
from moderation import decisions
from tests.factories import make_photo, make_staff, make_user
from tests.staff import log_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("make", "decide", "undo"),
    [
        pytest.param(make_photo, decisions.hide, decisions.restore, id="hiding"),
        pytest.param(make_user, decisions.suspend, decisions.reinstate, id="suspending"),
    ],
)
def test_what_a_colleague_has_decided_meanwhile_stays(
    make: Callable[[], Photo | User], decide: Any, undo: Any
) -> None:
    record: Any = make()
    seen_before = type(record).objects.get(pk=record.pk)
    assert decide(record, make_staff(), "First")
    assert decide(seen_before, make_staff(), "Second") is None
    assert undo(seen_before, make_staff())
    assert undo(record, make_staff()) is None
    assert len(log_of(record)) == 2


def test_what_was_deleted_meanwhile_is_gone() -> None:
    photo = make_photo()
    Photo.objects.filter(pk=photo.pk).delete()
    with pytest.raises(GoneError):
        decisions.hide(photo, make_staff(), "Violence")
