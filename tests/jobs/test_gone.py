"""Whoever comes too late for something reads what was deleted, each in a sentence of its own."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import translation

from accounts.models import User
from jobs import services
from jobs.errors import GoneError
from jobs.models import Job, WorkerCluster

SHOWN = [model for model in apps.get_models() if hasattr(model, "deleted_text")]


def test_what_was_deleted_is_named() -> None:
    assert str(services.gone(User)) == "The account was deleted."
    assert str(services.gone(Job)) == "The job was deleted."


def test_what_has_no_name_for_people_is_not_named() -> None:
    assert str(services.gone(WorkerCluster)) == "This was deleted."


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
def test_it_is_said_in_the_language_of_who_reads_it(model: type[Model]) -> None:
    english = str(services.gone(model))
    with translation.override("zh-hans"):
        assert str(services.gone(model)) != english


@pytest.mark.django_db
def test_rows_that_are_gone_are_refused() -> None:
    with pytest.raises(GoneError, match=r"The account was deleted\."):
        services.require(User.objects.filter(pk=0))
