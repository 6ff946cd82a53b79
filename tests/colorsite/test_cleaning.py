"""The sweep as the site has it, on what is left of a person who was deleted past the services."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.conf import settings

from colorsite import cleaning
from filestore.models import StoredFile
from tests.factories import stored_files
from tests.gallery.belongings import make_person

pytestmark = pytest.mark.django_db(transaction=True)

DAY = 24 * 3600


def make_older(paths: list[Path]) -> None:
    then = time.time() - DAY
    for path in paths:
        os.utime(path, (then, then))


def test_every_file_of_a_user_whose_row_was_deleted_by_hand_is_found() -> None:
    """As in a shell: rows go by the cascade, and no service sees to their bytes."""
    gone, other = make_person("Ada"), make_person("Bob")
    purposes = set(StoredFile.objects.of(gone).values_list("purpose", flat=True))
    assert len(purposes) > 6
    theirs = {Path(settings.MEDIA_ROOT, str(file.name)) for file in StoredFile.objects.of(other)}
    gone.delete()
    assert theirs < set(stored_files())
    make_older(stored_files())
    assert sum(cleaning.sweep()) > 0
    assert set(stored_files()) == theirs
