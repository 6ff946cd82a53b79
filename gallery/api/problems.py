"""Every error of the API as problem details (RFC 9457) with a stable code."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models
from django.http import Http404, JsonResponse
from django.utils.translation import gettext, gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import (
    APIException,
    ErrorDetail,
    NotFound,
    ParseError,
    Throttled,
    ValidationError,
)
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from colorizer.errors import FilmError, RefusalError
from jobs.errors import GoneError, TooManyJobsError

MEDIA_TYPE = "application/problem+json"
# Of a status that only tus has.
PHRASES = {460: "Checksum Mismatch"}


class ProblemCode(models.TextChoices):
    """Clients may rely on these: codes are added, never renamed."""

    INVALID = "invalid", "A field is missing or wrong; see errors"
    PARSE_ERROR = "parse_error", "The request body could not be read"
    NOT_AUTHENTICATED = "not_authenticated", "Neither a session token nor an API key was sent"
    AUTHENTICATION_FAILED = (
        "authentication_failed",
        "The session token or the API key is not valid anymore",
    )
    PERMISSION_DENIED = "permission_denied", "The request was refused"
    INSUFFICIENT_SCOPE = "insufficient_scope", "The API key may not do this"
    NOT_FOUND = "not_found", "No such address, or not yours"
    METHOD_NOT_ALLOWED = "method_not_allowed", "The address does not know this method"
    NOT_ACCEPTABLE = "not_acceptable", "Responses are JSON"
    UNSUPPORTED_MEDIA_TYPE = (
        "unsupported_media_type",
        "The content type of the body is not accepted",
    )
    PRECONDITION_FAILED = "precondition_failed", "If-Match or If-Unmodified-Since does not hold"
    RANGE_NOT_SATISFIABLE = "range_not_satisfiable", "The file has no such bytes; see Content-Range"
    REQUEST_TIMEOUT = "request_timeout", "The request came too slowly"
    REQUEST_TOO_LARGE = "request_too_large", "The request has too many bytes"
    THROTTLED = "throttled", "Too many requests; see Retry-After"
    TOO_MANY_JOBS = "too_many_jobs", "You have too many open jobs; see Retry-After"
    NOT_SUCCEEDED = "not_succeeded", "There is no file (yet); see state"
    NOTHING_TO_DOWNLOAD = "nothing_to_download", "The zip file would be empty"
    ALREADY_FINISHED = "already_finished", "The colorization or job is not open anymore"
    NOT_RETRYABLE = "not_retryable", "Only a job that failed or was cancelled is tried again"
    ACCOUNT_CLOSED = "account_closed", "You have closed your account; see deletion_due_at of /me/"
    CONFLICT = "conflict", "You are logged in already, or nothing waits for this step"
    REAUTHENTICATION_REQUIRED = "reauthentication_required", "Send the password again first"
    CANNOT_CLOSE = "cannot_close", "The site needs the account"
    NAME_TAKEN = "name_taken", "Another one has this name; merge lets the two become one"
    ALREADY_DECIDED = "already_decided", "There is nothing to decide: look at it again"
    INTERNAL_ERROR = "internal_error", "Something broke on our side"
    EMPTY_FILE = "empty_file", "The file has no content"
    FILE_TOO_LARGE = "file_too_large", "The file has too many bytes"
    QUOTA_EXCEEDED = "quota_exceeded", "The account's storage is full"
    UNSUPPORTED_FORMAT = "unsupported_format", "The file is not a picture of a known format"
    ANIMATED_PICTURE = "animated_picture", "The picture has more than one frame"
    NO_VIDEO = "no_video", "There is nothing to be seen in the film"
    ENCRYPTED_FILM = "encrypted_film", "The film is encrypted"
    FILM_TOO_LONG = "film_too_long", "The film lasts too long"
    DAMAGED_FILM = "damaged_film", "The film could not be decoded"
    SEVERAL_PAGES = "several_pages", "The file has several pages: send it to uploads/"
    TOO_MANY_PAGES = "too_many_pages", "The document has too many pages"
    LOCKED_DOCUMENT = "locked_document", "The document opens by a password only"
    BLANK_DOCUMENT = "blank_document", "There is nothing on the pages of the document"
    TOO_MANY_PIXELS = "too_many_pixels", "The picture has too many pixels"
    TOO_SMALL = "too_small", "The picture has too few pixels"
    DAMAGED_PICTURE = "damaged_picture", "The picture could not be decoded to its end"
    TOO_COMPLEX = "too_complex", "The picture takes too much time or memory to read"
    BUSY = (
        "busy",
        "Too much is asked for at once, or a server that the site needs is away; see Retry-After",
    )
    INVALID_CURSOR = "invalid_cursor", "The cursor is not one that this site has given out"
    STREAMS_UNAVAILABLE = "streams_unavailable", "There is no stream (left): use jobs/changes/"
    WRONG_OFFSET = "wrong_offset", "The upload does not end at that byte: ask by HEAD where it does"
    UPLOAD_INCOMPLETE = "upload_incomplete", "Some of the file is yet to come"
    UNSUPPORTED_VERSION = "unsupported_version", "Tus-Resumable is not 1.0.0"
    IDEMPOTENCY_IN_PROGRESS = (
        "idempotency_in_progress",
        "The first request with this key is being worked on; see Retry-After",
    )
    IDEMPOTENCY_KEY_REUSED = (
        "idempotency_key_reused",
        "The Idempotency-Key was sent with another request",
    )
    CHECKSUM_MISMATCH = "checksum_mismatch", "Other bytes have come than the checksum says"
    NOT_COLORED = "not_colored", "There is no version in color yet"
    NOT_FOR_FILMS = (
        "not_for_films",
        "Only photos are adjusted, made into other formats or taken as a reference",
    )
    NOT_FOR_TRIALS = "not_for_trials", "Some seconds of a film cannot stand for all of it"
    INVALID_HINTS = "invalid_hints", "The hints, or the reference photo, cannot be used"
    HINTS_NOT_TAKEN = "hints_not_taken", "The weights of the variant take no hints"
    GRAY_REFERENCE = "gray_reference", "The reference photo has no colors to take"
    UNREADABLE_PICTURE = "unreadable_picture", "A picture could not be read"
    WEIGHTS_UNAVAILABLE = "weights_unavailable", "The variant is not available right now"
    SHARE_LOCKED = "share_locked", "The link has a password: send it to unlock/ first"
    WRONG_PASSWORD = "wrong_password", "The password of the link is not correct"
    WEBHOOK_OFF = "webhook_off", "The webhook is switched off"


class ReauthenticationRequired(APIException):
    status_code = HTTPStatus.FORBIDDEN
    default_code = ProblemCode.REAUTHENTICATION_REQUIRED
    default_detail = gettext_lazy(
        "Send the password to /_allauth/app/v1/auth/reauthenticate first, with this session token."
    )


class CannotClose(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = ProblemCode.CANNOT_CLOSE


class NameTaken(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = ProblemCode.NAME_TAKEN
    default_detail = gettext_lazy(
        "There is one with this name already. Send merge: true to let the two become one."
    )


class AlreadyDecided(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = ProblemCode.ALREADY_DECIDED
    default_detail = gettext_lazy(
        "There is nothing to decide (anymore), perhaps since a colleague did: look at it again."
    )


class NotSucceeded(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = ProblemCode.NOT_SUCCEEDED
    default_detail = gettext_lazy("There is no file yet: check the state.")


class AlreadyFinished(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = ProblemCode.ALREADY_FINISHED
    default_detail = gettext_lazy("It is already finished: there is nothing to cancel.")


class NotRetryable(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = ProblemCode.NOT_RETRYABLE
    default_detail = gettext_lazy(
        "The job did not fail and was not cancelled: there is nothing to try again."
    )


class InvalidCursor(APIException):
    status_code = HTTPStatus.BAD_REQUEST
    default_code = ProblemCode.INVALID_CURSOR
    default_detail = gettext_lazy(
        "This is no cursor of this site: begin again without one, and read the list of jobs."
    )


class StreamsOff(APIException):
    status_code = HTTPStatus.NOT_FOUND
    default_code = ProblemCode.STREAMS_UNAVAILABLE
    default_detail = gettext_lazy(
        "This site sends no events: use jobs/changes/ with the header Prefer: wait=30."
    )


class StreamsTaken(APIException):
    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = ProblemCode.STREAMS_UNAVAILABLE
    default_detail = gettext_lazy(
        "All streams of events are taken: use jobs/changes/ with the header Prefer: wait=30."
    )
    wait = 30
    """Seconds; REST framework says it in Retry-After."""


class WrongOffset(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = ProblemCode.WRONG_OFFSET
    default_detail = gettext_lazy(
        "The upload does not end at this byte: ask by HEAD how much of it has come."
    )


class UploadIncomplete(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = ProblemCode.UPLOAD_INCOMPLETE
    default_detail = gettext_lazy("Some of the file is yet to come: send the rest first.")


class PreconditionFailed(APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = ProblemCode.PRECONDITION_FAILED
    default_detail = gettext_lazy("It is not as you have it anymore: get it again, then decide.")


class UnsupportedVersion(APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = ProblemCode.UNSUPPORTED_VERSION
    default_detail = gettext_lazy("Send the header Tus-Resumable: 1.0.0 with each request.")


class IdempotencyInProgress(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = ProblemCode.IDEMPOTENCY_IN_PROGRESS
    default_detail = gettext_lazy(
        "The first request with this Idempotency-Key is being worked on: send it again in a moment."
    )
    wait = 1


class IdempotencyKeyReused(APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = ProblemCode.IDEMPOTENCY_KEY_REUSED
    default_detail = gettext_lazy(
        "This Idempotency-Key was sent with another request: use a new one."
    )


class RequestTooLarge(APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = ProblemCode.REQUEST_TOO_LARGE


class FieldErrorSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField(help_text="The reason phrase of the HTTP status.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What went wrong and what to do, for people.")
    code = serializers.ChoiceField(choices=ProblemCode.choices)
    errors = FieldErrorSerializer(  # type: ignore[assignment]  # a field, not Serializer.errors
        many=True, required=False, help_text="Only with code invalid."
    )


def problem(status: int, code: str, detail: str, **members: Any) -> dict[str, Any]:
    title = PHRASES.get(status) or HTTPStatus(status).phrase
    return {
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "detail": detail,
        "code": str(code),
    } | members


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's handler decides status and headers; the body becomes problem details."""
    known = _as_api_exception(exc)
    response = exception_handler(known, context)
    if response is None or not isinstance(known, APIException):
        return None
    response.data = _describe(known)
    response.content_type = MEDIA_TYPE
    return response


def refusal(exc: Exception) -> str:
    """Why Django or we refused a request before any view looked at it."""
    if isinstance(exc, BadRequest):
        return str(exc)
    if isinstance(exc, RequestDataTooBig):
        return gettext("The request has too many bytes beside its files.")
    if isinstance(exc, TooManyFieldsSent):
        most = {"number": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}
        return gettext("Send at most %(number)d fields at a time.") % most
    if isinstance(exc, TooManyFilesSent):
        most = {"number": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
        return gettext("Send at most %(number)d files at a time.") % most
    return gettext("The request cannot be read.")


def problem_response(status: int, code: str, detail: str) -> JsonResponse:
    """For what no view of REST framework answers."""
    return JsonResponse(problem(status, code, detail), status=status, content_type=MEDIA_TYPE)


def _as_api_exception(exc: Exception) -> Exception:
    if isinstance(exc, TooManyJobsError):
        full = Throttled(exc.retry_after)
        full.detail = ErrorDetail(exc.message, ProblemCode.TOO_MANY_JOBS)
        return full
    if isinstance(exc, RefusalError):
        return _as_refusal(exc)
    if isinstance(exc, Http404 | GoneError):
        # The text of Django's shortcut names a model, in English.
        is_shortcut = isinstance(exc.__context__, ObjectDoesNotExist)
        return NotFound() if is_shortcut else NotFound(*exc.args)
    if isinstance(exc, BadRequest | SuspiciousOperation):
        return ParseError(refusal(exc), exc.code if isinstance(exc, FilmError) else None)
    if isinstance(exc, DjangoValidationError):
        return ValidationError(get_error_detail(exc))
    return exc


def _as_refusal(error: RefusalError) -> APIException:
    detail = ErrorDetail(error.message, error.code)
    refused = Throttled(error.retry_after) if error.retry_after else APIException()
    refused.detail = detail
    refused.status_code = error.status
    return refused


def _describe(exc: APIException) -> dict[str, Any]:
    if not isinstance(exc, ValidationError):
        return problem(exc.status_code, str(exc.get_codes()), str(exc.detail))
    errors = list(_field_errors(exc.get_full_details()))
    detail = " ".join(f"{error['field']}: {error['detail']}" for error in errors)
    return problem(exc.status_code, ProblemCode.INVALID, detail, errors=errors)


def _field_errors(details: Any, field: str = "") -> Iterator[dict[str, str]]:
    """Flatten REST framework's nested details; a field of a field is written `a.b`."""
    if isinstance(details, list):
        for item in details:
            yield from _field_errors(item, field)
    elif "message" in details and "code" in details:
        name = field or api_settings.NON_FIELD_ERRORS_KEY
        yield {"field": name, "code": details["code"], "detail": str(details["message"])}
    else:
        for key, value in details.items():
            yield from _field_errors(value, f"{field}.{key}" if field else key)
