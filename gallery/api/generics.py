"""REST framework's views as every address of this API uses them: parameters that a view does not know are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from http import HTTPMethod
from operator import attrgetter
from typing import Any, Literal, TypeVar, cast

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, views
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request, override_method
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.status import is_success

from gallery.api import conditional, idempotency, sparse, unchanged
from gallery.api.permissions import current_user
from gallery.api.problems import IdempotencyInProgress
from gallery.api.responses import ResponseKnownError
from gallery.api.throttles import rate_headers
from gallery.changes import State, state_of
from gallery.models import IdempotentRequest
from jobs import services as jobs

Record = TypeVar("Record", bound=Model)


class ApiView(views.APIView):
    """
    Attributes:
        query_serializer: its fields are the query parameters of GET.
        query_parameters: further names of them.
        problems: statuses by method that do not follow from what the view is; for the schema.
        response_headers: by method, of responses that succeed, beside those that follow; for the schema.
        keeps_answers: for whoever sends a POST again with its Idempotency-Key; never where an answer has a secret.
        stability: "beta" may change, "stable" only grows, "deprecated" will end.
        owner_path: where a GET shows nothing but rows of one person that `gallery.changes` counts, the way from
            `about` to the key of that person; None where it shows more, or what time changes, too.
        about: whose rows they are; the viewer, if nothing else is known.
        is_lasting: whether this GET shows nothing that changes without a write.
    """

    query_serializer: type[Serializer[Any]] | None = None
    query_parameters: tuple[str, ...] = ()
    problems: Mapping[str, tuple[int, ...]] = {}
    response_headers: Mapping[str, tuple[str, ...]] = {}
    keeps_answers: bool = True
    stability: Literal["beta", "stable", "deprecated"] = "stable"
    owner_path: str | None = None
    about: Any = None
    is_lasting: bool = True
    _state: State | None = None
    _claim: IdempotentRequest | None = None
    _throttles: Sequence[Any] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if conditional.is_conditional_write(request.method, request.headers):
                return self._dispatch_at_once(request, *args, **kwargs)
            return super().dispatch(request, *args, **kwargs)
        except Exception:
            if self._claim:
                idempotency.release(self._claim)
            raise

    def _dispatch_at_once(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Between the look at how the object is and the change, nobody else changes it."""
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if not is_success(response.status_code):
                transaction.set_rollback(True)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._check_parameters(request)
        self._look_for_changes(request)
        if conditional.is_conditional_write(request.method, request.headers):
            conditional.require_match(request, self.locked_etag(request))
        self._claim = idempotency.claim(request) if self.keeps_answers else None
        if self._claim and self.is_one_transaction(request):
            # By this name REST framework finds what is to be done.
            post = getattr(self, "post", self.http_method_not_allowed)
            vars(self)["post"] = partial(self._keeping, post)

    def _look_for_changes(self, request: Request) -> None:
        """Before anything is read that may be shown: what is written meanwhile is a change."""
        if self.owner_path is not None and request.method in unchanged.READING:
            self._state = state_of(current_user(request).pk)
            if self._state:
                unchanged.raise_if_unchanged(request, self._state)

    def is_one_transaction(self, request: Request) -> bool:
        """Whether POST is. Not where something slow is done, for which others who write would wait."""
        return True

    def _keeping(
        self, post: Callable[..., Response], request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        with transaction.atomic():
            response = post(request, *args, **kwargs)
            self.keep(response)
        return response

    def keep(self, response: Response) -> None:
        """For whoever sends a POST again, in the transaction of what it did: after a crash both are there, or neither.

        Raises:
            IdempotencyInProgress: it took so long that it was begun again meanwhile.
        """
        if not self._claim:
            return
        super().finalize_response(self.request, response, *self.args, **self.kwargs)
        if not idempotency.settle(self._claim, response):
            raise IdempotencyInProgress
        transaction.on_commit(self._forget_claim)

    def _forget_claim(self) -> None:
        self._claim = None

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, ResponseKnownError):
            return cast("Response", exc.response)
        return super().handle_exception(exc)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        if self._claim:
            idempotency.settle(self._claim, final)
        final = self._compared(request, final)
        for name, value in rate_headers(self._throttles).items():
            final[name] = value
        return final

    def _compared(self, request: Request, response: Response) -> Response:
        state = self._state if self._shows_own_rows_only(request, response) else None
        if state:
            response[unchanged.LAST_MODIFIED] = unchanged.last_modified(state)
        final = conditional.answer(request, response)
        if state and "ETag" in final:
            unchanged.remember(request, state, final["ETag"])
        return final

    def _shows_own_rows_only(self, request: Request, response: Response) -> bool:
        """Whoever is told to ask again sees something that goes on by itself."""
        if self._state is None or not conditional.has_state(request, response):
            return False
        is_lasting = self.is_lasting and "Retry-After" not in response
        owner = attrgetter(str(self.owner_path))(self.about or request.user)
        return bool(is_lasting and owner == request.user.pk)

    def get_throttles(self) -> list[Any]:
        self._throttles = super().get_throttles()
        return self._throttles

    def locked_etag(self, request: Request) -> str | None:
        """That of the object as it is now, and stays until the transaction ends; None where there is no object."""
        return None

    def _check_parameters(self, request: Request) -> None:
        known = set(self.known_parameters()) if request.method in SAFE_METHODS else set()
        if unknown := sorted(set(request.query_params) - known):
            text = gettext("There is no such query parameter here.")
            raise ValidationError(dict.fromkeys(unknown, text), "unknown_parameter")

    def schema_parameters(self, method: str) -> Iterable[OpenApiParameter]:
        """What an operation takes beside what is its own."""
        if method == HTTPMethod.GET:
            yield conditional.IF_NONE_MATCH
            if self.owner_path is not None:
                yield unchanged.IF_MODIFIED_SINCE

    def known_parameters(self) -> Iterable[str]:
        yield from self.query_parameters
        if self.query_serializer:
            yield from self.query_serializer().fields.keys()


class GenericAPIView(ApiView, generics.GenericAPIView[Record]):
    """Objects: `?fields=` chooses some of their fields, If-Match holds for how GET shows them."""

    def known_parameters(self) -> Iterable[str]:
        yield from super().known_parameters()
        yield sparse.NAME
        if self.paginator and isinstance(self, ListModelMixin):
            yield from (
                field["name"] for field in self.paginator.get_schema_operation_parameters(self)
            )

    def schema_parameters(self, method: str) -> Iterable[OpenApiParameter]:
        yield from super().schema_parameters(method)
        if method == HTTPMethod.GET:
            yield sparse.PARAMETER
        if method in conditional.WRITES and hasattr(self, "get"):
            yield conditional.IF_MATCH

    def get_object(self) -> Record:
        self.about = super().get_object()
        return cast("Record", self.about)

    def wants(self, *names: str) -> bool:
        """Whether any of these fields is to be shown."""
        asked = sparse.asked(self.request)
        return asked is None or not asked.isdisjoint(names)

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[Record]:
        serializer = super().get_serializer(*args, **kwargs)
        if asked := sparse.asked(self.request):
            sparse.keep_only(serializer, asked)
        return serializer

    def locked_etag(self, request: Request) -> str | None:
        if not hasattr(self, "get"):
            return None
        jobs.lock_owner(current_user(request).pk)
        self._lock()
        with override_method(self, request, HTTPMethod.GET) as looking:
            response = self.get(looking, *self.args, **self.kwargs)
        renderer, media_type = looking.accepted_renderer, looking.accepted_media_type
        content = renderer.render(response.data, media_type, self.get_renderer_context())
        return conditional.etag_of(force_bytes(content))

    def _lock(self) -> None:
        if "pk" in self.kwargs:
            objects = self.get_queryset().model._default_manager  # noqa: SLF001  (a name that Django documents)
            objects.filter(pk=self.kwargs["pk"]).select_for_update(no_key=True).values_list(
                "pk"
            ).first()


class CreateAPIView(GenericAPIView[Record], generics.CreateAPIView[Record]):
    pass


class ReadAgain(GenericAPIView[Record]):
    """What was written is shown as `get_queryset` reads it, with what is counted for it there."""

    def perform_create(self, serializer: BaseSerializer[Record]) -> None:
        written = serializer.save()
        serializer.instance = get_object_or_404(self.get_queryset(), pk=written.pk)

    perform_update = perform_create


class ListAPIView(GenericAPIView[Record], generics.ListAPIView[Record]):
    pass


class ListCreateAPIView(GenericAPIView[Record], generics.ListCreateAPIView[Record]):
    pass


class RetrieveAPIView(GenericAPIView[Record], generics.RetrieveAPIView[Record]):
    pass


class RetrieveUpdateAPIView(GenericAPIView[Record], generics.RetrieveUpdateAPIView[Record]):
    pass


class RetrieveDestroyAPIView(GenericAPIView[Record], generics.RetrieveDestroyAPIView[Record]):
    pass


class RetrieveUpdateDestroyAPIView(
    GenericAPIView[Record], generics.RetrieveUpdateDestroyAPIView[Record]
):
    pass
