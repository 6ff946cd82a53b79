"""Moderation as staff do it: with the mouse, without scripts, with nothing on the console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from jobs.models import Job
from moderation import services
from moderation.models import Report
from tests.browser.contexts import Contexts
from tests.factories import (
    PASSWORD,
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_staff,
    photo_of,
)

LISTS = {
    "Users": "accounts/user",
    "Albums": "gallery/album",
    "Photos": "gallery/photo",
    "Colorizations": "colorizer/colorization",
    "Archives": "gallery/archive",
    "Jobs": "jobs/job",
    "Stored files": "filestore/storedfile",
    "Reports": "moderation/report",
    "Log entries": "admin/logentry",
}


@pytest.fixture
def complaint() -> Report:
    colorization = make_colorization(make_photo(make_album(public=True)))
    return services.report(colorization, None, Report.Reason.PRIVACY, "That is my aunt.")


@pytest.fixture
def page_without_scripts(contexts: Contexts) -> Iterator[Page]:
    with contexts.lent(java_script_enabled=False) as context:
        yield context.new_page()


def log_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Email").fill(make_staff().email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Dashboard").wait_for()


def test_every_list_opens_with_its_pictures(page: Page, complaint: Report) -> None:
    log_in(page)
    for title, path in LISTS.items():
        page.goto(f"/admin/{path}/")
        page.get_by_role("heading", name=title, exact=True, level=1).wait_for()
    page.goto(f"/admin/moderation/report/{complaint.pk}/change/")
    for picture in page.locator(".before-after img").all():
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_a_report_is_settled_without_scripts(page_without_scripts: Page, complaint: Report) -> None:
    page = page_without_scripts
    log_in(page)
    page.get_by_role("link", name="It shows me or my family").click()
    page.get_by_role("button", name="Hide photo").click()
    page.get_by_label("Reason").fill("Nobody asked the aunt")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("1 resolved, photos hidden.").wait_for()
    complaint.refresh_from_db()
    assert complaint.outcome == Report.Outcome.HIDDEN
    assert photo_of(complaint.colorization).hidden_reason == "Nobody asked the aunt"


def test_several_photos_are_hidden_from_the_list_without_scripts(
    page_without_scripts: Page,
) -> None:
    page, photos = page_without_scripts, [make_photo(), make_photo()]
    log_in(page)
    page.goto("/admin/gallery/photo/")
    for box in page.locator("input.action-select").all():
        box.check()
    page.get_by_role("combobox", name="Action").select_option("hide")
    page.get_by_role("button", name="Go").click()
    page.get_by_label("Reason").fill("Advertising")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("2 hidden.").wait_for()
    for photo in photos:
        photo.refresh_from_db()
        assert photo.hidden_reason == "Advertising"


def test_a_failed_job_is_retried_from_its_page_without_scripts(
    page_without_scripts: Page,
) -> None:
    page, job = page_without_scripts, make_archive(state=Job.State.FAILED).job
    log_in(page)
    page.goto(f"/admin/jobs/job/{job.pk}/change/")
    page.get_by_text("The picture is damaged.").first.wait_for()
    page.get_by_role("button", name="Retry").click()
    page.get_by_text("1 queued again.").wait_for()
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
