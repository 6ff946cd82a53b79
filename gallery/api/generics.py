"""REST framework's views as every address of this API uses them: parameters that a view does not know are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar, cast

from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from rest_framework import generics, views
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from gallery.api import idempotency
from gallery.models import IdempotentRequest

Record = TypeVar("Record", bound=Model)


class ApiView(views.APIView):
    """
    Attributes:
        query_serializer: its fields are the query parameters of GET.
        query_parameters: further names of them.
        problems: statuses by method that do not follow from what the view is; for the schema.
        response_headers: by method, of responses that succeed, beside those that follow; for the schema.
        stability: "beta" may change, "stable" only grows, "deprecated" will end.
    """

    query_serializer: type[Serializer[Any]] | None = None
    query_parameters: tuple[str, ...] = ()
    problems: Mapping[str, tuple[int, ...]] = {}
    response_headers: Mapping[str, tuple[str, ...]] = {}
    stability: Literal["beta", "stable", "deprecated"] = "stable"
    _claim: IdempotentRequest | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Exception:
            if self._claim:
                idempotency.release(self._claim)
            raise

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._check_parameters(request)
        self._claim = idempotency.claim(request)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, idempotency.AlreadyAnsweredError):
            return cast("Response", exc.response)
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        if self._claim:
            idempotency.settle(self._claim, final)
        return final

    def _check_parameters(self, request: Request) -> None:
        known = set(self.known_parameters()) if request.method in SAFE_METHODS else set()
        if unknown := sorted(set(request.query_params) - known):
            text = gettext("There is no such query parameter here.")
            raise ValidationError(dict.fromkeys(unknown, text), "unknown_parameter")

    def known_parameters(self) -> Iterable[str]:
        yield from self.query_parameters
        if self.query_serializer:
            yield from self.query_serializer().fields.keys()
        if paginator := getattr(self, "paginator", None):
            yield from (field["name"] for field in paginator.get_schema_operation_parameters(self))


class GenericAPIView(ApiView, generics.GenericAPIView[Record]):
    pass


class CreateAPIView(ApiView, generics.CreateAPIView[Record]):
    pass


class ListAPIView(ApiView, generics.ListAPIView[Record]):
    pass


class ListCreateAPIView(ApiView, generics.ListCreateAPIView[Record]):
    pass


class RetrieveAPIView(ApiView, generics.RetrieveAPIView[Record]):
    pass


class RetrieveUpdateAPIView(ApiView, generics.RetrieveUpdateAPIView[Record]):
    pass


class RetrieveDestroyAPIView(ApiView, generics.RetrieveDestroyAPIView[Record]):
    pass


class RetrieveUpdateDestroyAPIView(ApiView, generics.RetrieveUpdateDestroyAPIView[Record]):
    pass
