"""What people adjust and take along: staff see it, and what became of its job. It goes with its version."""

from __future__ import annotations

import pytest
from django.db.models import Model

from colorizer import adjusting
from colorizer.engine.adjustments import Adjustments
from colorizer.models import Adjustment, Colorization
from gallery.models import Download
from jobs.models import Job
from tests.factories import make_colorization, make_download, make_photo, make_staff, make_user
from tests.staff import act, client_of, make_moderator, page

pytestmark = pytest.mark.django_db
MODELS = (Adjustment, Download)


@pytest.fixture
def version() -> Colorization:
    made = make_colorization(make_photo(name="Lake.jpg"))
    make_download(made)
    adjusting.save(made, Adjustments(tint=40, intensity=-10))
    return made


@pytest.mark.parametrize("model", MODELS)
def test_list_and_page_name_photo_owner_and_job(version: Colorization, model: type[Model]) -> None:
    record = model._default_manager.get()
    client = client_of(make_staff())
    for url in (page(model, "changelist"), page(model, "change", record)):
        content = client.get(url).content.decode()
        assert "Lake" in content
        assert version.owner.email in content
        assert record.job.get_state_display() in content  # type: ignore[attr-defined]
        if model is Adjustment:
            assert "more magenta, less intense" in content
    assert page(Colorization, "change", version) in content
    assert client_of(make_user(is_staff=True)).get(url).status_code == 403


def test_the_list_of_jobs_leads_to_them(version: Colorization) -> None:
    content = client_of(make_staff()).get(page(Job, "changelist")).content.decode()
    assert page(Download, "change", Download.objects.get()) in content
    assert page(Colorization, "change", version) in content


@pytest.mark.parametrize("model", MODELS)
def test_they_are_not_edited_and_go_with_their_version(
    version: Colorization, model: type[Model]
) -> None:
    record = model._default_manager.get()
    client = client_of(make_staff())
    assert client.get(page(model, "add")).status_code == 403
    assert client.post(page(model, "change", record), {"side": 640}).status_code == 403
    assert client.post(page(model, "delete", record), {"post": "yes"}).status_code == 403
    act(client, "delete_selected", [record], post="yes")
    assert model._default_manager.filter(pk=record.pk).exists()


def test_who_may_delete_a_version_needs_no_more_for_what_goes_with_it(
    version: Colorization,
) -> None:
    staff = make_moderator("colorizer.view_colorization", "colorizer.delete_colorization")
    client_of(staff).post(page(Colorization, "delete", version), {"post": "yes"})
    assert not Colorization.objects.exists()
    assert not Adjustment.objects.exists()
    content = client_of(make_staff()).get(page(Download, "changelist")).content.decode()
    assert "PNG" in content


def test_a_job_that_waits_is_cancelled_from_the_adjustment(version: Colorization) -> None:
    act(client_of(make_staff()), "cancel", [Adjustment.objects.get()])
    assert Adjustment.objects.get().job.state == Job.State.CANCELLED
