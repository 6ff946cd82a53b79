"""Every operation of ours is asked for what there is until it succeeds, by a member or, of moderation, by staff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import hypothesis
import schemathesis
from django.contrib.admin.models import LogEntry
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.db.models import Model
from hypothesis import HealthCheck, Phase
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode

from accounts import api_keys
from colorsite.wsgi import application
from gallery.arranging import add_section
from gallery.details import edit_photo
from gallery.models import Photo
from gallery.services import trash_album, trash_colorization, trash_photos
from jobs.models import Job
from moderation.decisions import dismiss
from moderation.models import Report
from moderation.services import report
from tests.factories import (
    make_album,
    make_colorization,
    make_download,
    make_guided,
    make_photo,
    make_staff,
    make_user,
    picture_bytes,
)
from tests.fuzz.drawing import Drawn
from tests.fuzz.scene import Scene
from tests.fuzz.schema import as_drawn

State = Job.State
OF_STATE: Final = {"cancel": State.QUEUED, "retry": State.FAILED}
# The first that is drawn is the simplest, which will do mostly.
TRIES: Final = (1, 8)
OURS: Final = "/api/v1/"
STAFF: Final = "/api/v1/moderation/"

UNREACHABLE: Final = {
    "close_account": "asks for the password again",
    "create_my_api_key": "asks for the password again",
    "create_photo_hint_reference": "takes no picture without colors, as these are",
    "get_colorization_film": "is of films, whose frames take a network",
    "get_jobs_events": "is switched off without SSE_CONNECTIONS",
    "get_photo_hint_colors": "takes a process with a network",
    "preview_photo_hints": "takes a process with a network",
    "unlock_shared": "asks for the password of a link",
}
"""What is not asked for here, and why."""

# What a description cannot say of a value: that it is what chance does not hit, or of which there is one.
DROPPED: Final = {
    *("If-Match", "If-None-Match", "If-Range", "Range", "If-Unmodified-Since", "Last-Event-ID"),
    *("Authorization", "X-Session-Token"),
    *("cursor", "since", "page", "fields", "section", "reference", "hints", "order"),
}


class Reach:
    """
    Attributes:
        keys: of objects, by what is done with them.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.keys = {**scene.keys, **_more_keys(scene)}
        self.statuses: dict[str, list[int]] = {}

    def walk(self, send: Callable[[Drawn], int]) -> None:
        schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
        with connections_kept():
            for found in schema.get_all_operations():
                operation: Any = found.ok()  # type: ignore[union-attr]
                if operation.path.startswith(OURS):
                    self._reach(operation, send)

    def unreached(self) -> dict[str, list[int]]:
        return {
            name: sorted(set(statuses))
            for name, statuses in self.statuses.items()
            if not any(200 <= status < 300 for status in statuses)
        }

    def _reach(self, operation: Any, send: Callable[[Drawn], int]) -> None:
        name = operation.definition.raw["operationId"]
        if name in UNREACHABLE:
            return
        visitor = "staff" if operation.path.startswith(STAFF) else "member"
        cases = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        statuses = self.statuses.setdefault(name, [])
        for number in TRIES:
            for case in _drawn(cases, number):
                self._fit(name, case)
                # Whatever it does is taken back: the next operation finds all of it.
                with transaction.atomic():
                    statuses.append(send(as_drawn(case, visitor, self._scene)))
                    transaction.set_rollback(True)
                if name not in self.unreached():
                    return

    def _fit(self, name: str, case: Case[Any]) -> None:
        drawn = case.path_parameters.get("id")
        if drawn:
            key = self.keys.get(name) or self.keys.get(_kind(case.path))
            case.path_parameters["id"] = key or drawn
        if "token" in case.path_parameters:
            case.path_parameters["token"] = self.keys["token"]
        for part in (case.query, case.headers):
            for each in DROPPED & set(part):
                del part[each]
        if isinstance(case.body, dict):
            case.body = self._fitted(case, case.body)
        if "/uploads/" in case.path:
            _fit_upload(name, case)

    def _fitted(self, case: Case[Any], drawn: dict[str, Any]) -> dict[str, Any]:
        body = {name: value for name, value in drawn.items() if name not in DROPPED}
        if "image" in body:
            return {"image": picture_bytes()}
        case.media_type = "application/json"
        is_staff = case.path.startswith(STAFF)
        real = {
            **{f"{kind}s": [self.keys[kind]] for kind in ("photo", "album", "notice")},
            "ids": [self.keys[_kind(case.path)]] if is_staff else [],
            "album": self.keys["album"],
            "cover": None,
            "before": None,
            "place": "Lyon",
            "name": "Otto",
        }
        return body | {name: value for name, value in real.items() if name in body}


def _drawn(cases: SearchStrategy[Case[Any]], number: int) -> list[Case[Any]]:
    found: list[Case[Any]] = []

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=number,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=cases)
    def draw(case: Case[Any]) -> None:
        found.append(case)

    draw()
    return found


@contextmanager
def connections_kept() -> Iterator[None]:
    """Requests close no connection, so that they may be in a transaction around them."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    try:
        yield
    finally:
        for end in ends:
            end.connect(close_old_connections)


def _kind(path: str) -> str:
    """albums/{id}/photos/ is about an album, moderation/albums/decisions/ too."""
    parts = [part for part in path.removeprefix(OURS).split("/") if part]
    before = parts[: parts.index("{id}")] if "{id}" in parts else parts[:-1]
    return {"people": "person", "deliveries": "delivery"}.get(before[-1], before[-1][:-1])


def _fit_upload(name: str, case: Case[Any]) -> None:
    case.headers["Tus-Resumable"] = "1.0.0"
    offset = {"create_upload": {"Upload-Length": "5"}}.get(
        name, {"Upload-Offset": str(len(picture_bytes()))}
    )
    case.headers.update(offset)
    for header in ("Upload-Metadata", "Upload-Checksum"):
        case.headers.pop(header, None)
    case.body = b""


def _more_keys(scene: Scene) -> dict[str, str]:
    """Of objects in the states that operations need, beside those of the scene."""
    photo = Photo.objects.get(pk=scene.keys["photo"])
    owner, album = photo.album.owner, photo.album
    edit_photo(photo, {"place": "Lyon"}, people=["Anna"], tags=["sea"])
    states = {state: make_colorization(photo, state) for state in (State.QUEUED, State.FAILED)}
    guided = make_guided(make_colorization(photo), reference=b"PNG")
    version, other, empty = (
        make_colorization(make_photo(album)),
        make_photo(album),
        make_album(owner),
    )
    trash_colorization(version)
    trash_photos([other])
    trash_album(empty)
    deleted = {"colorization": version, "photo": other, "album": empty}
    dismiss(report(guided, make_staff(), Report.Reason.OTHER), make_staff())
    keys: dict[str, Model] = {
        "person": photo.people.get(),
        "tag": photo.tags.get(),
        "section": add_section(album, "Summer"),
        "download": make_download(guided),
        "api-key": api_keys.create(owner, "Script", "read", None)[0],
        "decision": LogEntry.objects.latest("pk"),
        "member": make_user(),
        "get_colorization_reference": guided,
        **{f"{verb}_colorization": states[state] for verb, state in OF_STATE.items()},
        **{f"{verb}_job": states[state].job for verb, state in OF_STATE.items()},
        "create_moderation_job_decision": states[State.FAILED].job,
        **{f"delete_trash_{kind}": each for kind, each in deleted.items()},
        **{f"get_trash_{kind}_thumbnail": each for kind, each in deleted.items()},
    }
    return {name: str(each.pk) for name, each in keys.items()}
