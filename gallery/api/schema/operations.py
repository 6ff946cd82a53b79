"""Each operation as it is: name, life cycle, headers of its responses, and every problem it can answer with."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework.permissions import SAFE_METHODS
from rest_framework.serializers import ChoiceField, Serializer
from rest_framework.utils import model_meta

from gallery.api import idempotency, unchanged
from gallery.api.permissions import ByOwnerThemselves, InPerson, IsMemberOrNobody
from gallery.api.problems import MEDIA_TYPE, ProblemSerializer
from gallery.api.schema import headers, names, refusals, security  # noqa: F401  (registers the schemes)

IDEMPOTENCY_KEY: Final = OpenApiParameter(
    idempotency.HEADER,
    str,
    "header",
    description="A name of your own for this request, best a UUID: sent again with it, it is done once.",
    pattern=f"^{idempotency.VISIBLE_ASCII.pattern}$",
)
NOT_MODIFIED: Final = "You have it: If-None-Match names its ETag."


def _is_blank_in_model(field: ChoiceField) -> bool:
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    columns = model_meta.get_field_info(model).fields if model else {}
    return field.source in columns and columns[field.source].blank


class OperationSchema(AutoSchema):
    def get_operation(
        self,
        path: str,
        path_regex: str,
        path_prefix: str,
        method: str,
        registry: ComponentRegistry,
    ) -> dict[str, Any] | None:
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        responses = operation["responses"]
        if method == "GET" and "200" in responses:
            responses.setdefault("304", {"description": NOT_MODIFIED})
        for status, response in responses.items():
            response["description"] = response["description"] or HTTPStatus(int(status)).phrase
            shown = responses["200"] if status == "304" else response
            properties = self._properties(shown)
            self._add_headers(status, response, properties, set(responses) - {status})
        for status in sorted(self._refusals(operation)):
            responses[str(status)] = self._refusal(status)
        return operation

    def get_operation_id(self) -> str:
        path = self.path.removeprefix("/api/v1")
        only = set(self.view.allowed_methods) - {"HEAD", "OPTIONS"} == {"POST"}
        return names.operation_id(path, self.method, is_list=self._is_list_view(), is_action=only)

    def get_override_parameters(self) -> list[Any]:
        of_view = getattr(self.view, "schema_parameters", None)
        found: list[Any] = list(of_view(self.method)) if of_view else []
        filters = getattr(self.view, "query_serializer", None)
        if self.method == "GET" and filters:
            found = [*found, filters]
        return [*found, IDEMPOTENCY_KEY] if self._takes_key() else found

    def get_auth(self) -> list[dict[str, list[str]]]:
        found: list[dict[str, list[str]]] = super().get_auth()
        permissions = self.view.get_permissions()
        if any(isinstance(permission, IsMemberOrNobody) for permission in permissions):
            return [*found, {}]
        refusing = InPerson if self.method in SAFE_METHODS else ByOwnerThemselves
        if any(isinstance(permission, refusing) for permission in permissions):
            return [way for way in found if "apiKey" not in way]
        return found

    def get_tags(self) -> list[str]:
        return [names.tag(self._tokenize_path())]

    def get_extensions(self) -> dict[str, Any]:
        return {**super().get_extensions(), "x-stability": self._stability()}

    def is_deprecated(self) -> bool:
        return self._stability() == "deprecated"

    def get_serializer_name(self, serializer: Serializer[Any], direction: Direction) -> str:
        """What is for requests only is called so once."""
        name = super().get_serializer_name(serializer, direction)
        return name.removesuffix("RequestSerializer") if direction == "request" else name

    def _map_serializer_field(
        self, field: Any, direction: Direction, bypass_extensions: bool = False
    ) -> Any:
        """REST framework forgets of what is only read that it may be blank."""
        if isinstance(field, ChoiceField) and field.read_only and _is_blank_in_model(field):
            field.allow_blank = True
        return super()._map_serializer_field(  # type: ignore[no-untyped-call]
            field, direction, bypass_extensions
        )

    def _takes_key(self) -> bool:
        return self.method == "POST" and refusals.keeps_answers(self.view)

    def _stability(self) -> str:
        return str(getattr(self.view, "stability", "stable"))

    def _refusals(self, operation: dict[str, Any]) -> set[int]:
        own = getattr(self.view, "problems", {}).get(self.method, ())
        return {*refusals.statuses(self.view, self.method, operation), *own}

    def _refusal(self, status: int) -> dict[str, str]:
        body = self._get_response_for_code(  # type: ignore[no-untyped-call]
            ProblemSerializer, str(status), [MEDIA_TYPE], "response"
        )
        described = {**body, "description": refusals.TEXTS[status]}
        if found := headers.OF_REFUSALS.get(status):
            described["headers"] = self._headers(found)
        return self._component(ResolvedComponent.RESPONSE, refusals.name_of(status), described)

    def _add_headers(
        self, status: str, response: dict[str, Any], properties: set[str], others: set[str]
    ) -> None:
        kept = [idempotency.REPLAYED] if self._takes_key() else []
        found = headers.of_response(status, self.method, properties, others)
        own = getattr(self.view, "response_headers", {}).get(self.method, ())
        dated = [unchanged.LAST_MODIFIED] if self._is_dated() else []
        rates = headers.OF_RATES if self.view.get_throttles() else ()
        described = self._headers([*kept, *found, *own, *dated, *rates])
        if described:
            response["headers"] = {**response.get("headers", {}), **described}

    def _is_dated(self) -> bool:
        return self.method == "GET" and getattr(self.view, "owner_path", None) is not None

    def _headers(self, found: Iterable[str]) -> dict[str, Any]:
        return {
            name: self._component(ResolvedComponent.HEADER, name, headers.described(name))
            for name in found
        }

    def _properties(self, response: dict[str, Any]) -> set[str]:
        """Of the object in the body, if it is one."""
        content = [each["schema"] for each in response.get("content", {}).values()]
        name = content[0].get("$ref", "").rpartition("/")[2] if content else ""
        if not name:
            return set()
        return set(self.registry[name, ResolvedComponent.SCHEMA].schema.get("properties", {}))

    def _component(self, kind: str, name: str, schema: dict[str, Any]) -> dict[str, str]:
        component = ResolvedComponent(name, kind, schema, name)  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)
        reference: dict[str, str] = component.ref
        return reference
