"""Requests drawn from the API's own description: half of them as it says, half against it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import Case, GenerationMode
from werkzeug.test import EnvironBuilder

from colorsite.wsgi import application
from tests.fuzz.drawing import CSRF, Drawn
from tests.fuzz.scene import VISITORS, Scene

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


def send_cases(
    number: int, seed: int, scene_of: Callable[[], Scene], send: Callable[[Drawn], int]
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    chance = Random(seed)  # noqa: S311  (chance, not secrets)
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=number // 2,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=schema.as_strategy(generation_mode=mode))
        def send_one(case: Case[Any]) -> None:
            send(_drawn(case, chance, scene_of()))

        send_one()


def _drawn(case: Case[Any], chance: Random, scene: Scene) -> Drawn:
    """With a key of the scene for most of those that are made up, and from somebody who may ask."""
    kind = case.path.partition("/{id}")[0].rpartition("/")[2].removesuffix("s")
    if "id" in case.path_parameters and kind in scene.keys and chance.random() < 0.7:
        case.path_parameters["id"] = scene.keys[kind]
    if "/uploads/" in case.path and chance.random() < 0.8:
        case.headers["Tus-Resumable"] = "1.0.0"
    return as_drawn(case, chance.choice(VISITORS), scene)


def as_drawn(case: Case[Any], visitor: str, scene: Scene) -> Drawn:
    environ = EnvironBuilder(**case.as_transport_kwargs()).get_environ()
    headers = {
        name.removeprefix("HTTP_"): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    session = scene.sessions.get(visitor, "")
    if session:
        headers.update(COOKIE=f"sessionid={session}; csrftoken={CSRF}", X_CSRFTOKEN=CSRF)
        headers.pop("X_SESSION_TOKEN", None)
    return Drawn(
        visitor=visitor,
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        query=environ["QUERY_STRING"],
        headers={**headers, "HOST": "127.0.0.1"},
        content_type=environ.get("CONTENT_TYPE", ""),
        body=environ["wsgi.input"].read(),
    )
