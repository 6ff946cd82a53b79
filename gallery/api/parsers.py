"""Bodies of requests: only text that can be stored and shown, JSON of a depth that somebody can mean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from math import isfinite
from typing import IO, Any, Final

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext
from rest_framework import parsers

MAX_DEPTH: Final = 32
MAX_DIGITS: Final = 100
# PostgreSQL stores no NUL, and a lone surrogate cannot be written as UTF-8.
UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def check_text(text: str) -> None:
    """
    Raises:
        BadRequest: it holds NUL or a lone surrogate.
    """
    if UNSTORABLE.search(text):
        raise BadRequest(
            gettext(
                "The text has a character that cannot be stored (NUL or a lone surrogate). "
                "Remove it and try again."
            )
        )


def check_form(form: QueryDict) -> None:
    """Names and values, as `check_text` does."""
    for name, values in form.lists():
        for text in (name, *values):
            check_text(text)


def parse_json(body: bytes) -> Any:
    """
    Raises:
        BadRequest: no JSON in UTF-8, nested too deeply, or text or numbers that nobody can store.
    """
    try:
        value = json.loads(body.decode(), parse_int=_integer, parse_constant=_no_number)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        text = gettext("This is no JSON in UTF-8: %(error)s.") % {"error": error}
        raise BadRequest(text) from error
    _check_json(value)
    return value


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _check_json(value: Any) -> None:
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        for each in level:
            _check_scalar(each)
        level = [inner for each in level for inner in _parts(each)]
        if not level:
            return
    raise _too_deep()


def _check_scalar(value: Any) -> None:
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, float) and not isfinite(value):
        raise BadRequest(gettext("A number is too large."))


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return (*value, *value.values())
    return value if isinstance(value, list) else ()


def _too_deep() -> BadRequest:
    text = gettext("The JSON is nested too deeply: at most %(number)d levels are read.")
    return BadRequest(text % {"number": MAX_DEPTH})


class JSONParser(parsers.JSONParser):
    def parse(self, stream: IO[Any], *args: Any, **kwargs: Any) -> Any:
        return parse_json(stream.read())


class FormParser(parsers.FormParser):
    def parse(self, *args: Any, **kwargs: Any) -> Any:
        form = super().parse(*args, **kwargs)
        check_form(form)
        return form


class MultiPartParser(parsers.MultiPartParser):
    def parse(self, *args: Any, **kwargs: Any) -> parsers.DataAndFiles[Any, Any]:
        try:
            parsed = super().parse(*args, **kwargs)
        except TypeError as error:
            raise unreadable_part() from error
        check_form(parsed.data)
        return parsed


def unreadable_part() -> BadRequest:
    """For the TypeError of Python's email package, which reads the headers of parts for Django."""
    return BadRequest(gettext("A part of the form has headers that cannot be read."))
