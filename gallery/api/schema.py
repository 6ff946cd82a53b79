"""The OpenAPI description: every operation may answer with problem details."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema

from gallery.api.problems import MEDIA_TYPE, ProblemSerializer


class ProblemSchema(AutoSchema):
    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        problem = self._get_response_for_code(ProblemSerializer, "default", [MEDIA_TYPE], direction)
        return {**super()._get_response_bodies(direction), "default": problem}
