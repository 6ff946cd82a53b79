"""No text that people read is left unmarked, as far as the code tells which those are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

APPS = (
    "accounts",
    "colorizer",
    "colorsite",
    "filestore",
    "gallery",
    "jobs",
    "moderation",
    "webhooks",
)
# The staff pages are in English, and so is what is said to whoever runs commands or a server.
ENGLISH = {
    "colorizer/batch",
    "colorizer/evaluation",
    "colorizer/training",
    "colorizer/weights_store",
    "colorsite/admin.py",
    "colorsite/queue.py",
    "colorsite/web_server",
    "moderation/admin",
}
MESSAGES = {"debug", "info", "success", "warning", "error"}
# Errors by which argument is shown.
TRANSLATED = {
    "ValidationError": 0,
    "BadRequest": 0,
    "Http404": 0,
    "GoneError": 0,
    "NotFound": 0,
    "ParseError": 0,
    "PermissionDenied": 0,
    "AuthenticationFailed": 0,
    "RequestTooLarge": 0,
}
# These are given as they are, and translated when they are shown: Babel finds them as literals only.
KEPT_IN_ENGLISH = {
    "UploadError": 1,
    "GuidanceError": 1,
    "RefusedError": 1,
    "JobFailedError": 1,
    "TransientJobError": 1,
}
ENGINE = {
    "UnreadablePictureError",
    "UnknownFormatError",
    "UnsupportedPixelsError",
    "SeveralFramesError",
    "TooManyPagesError",
    "LockedDocumentError",
    "PictureTooLargeError",
    "UnsupportedFormatError",
    "NotEmbeddableError",
    "TooMuchToEmbedError",
}
SHOWN_OPTIONS = {"label", "empty_label", "help_text"}


def sources() -> Iterator[Path]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            parts = {name, *(parent.as_posix() for parent in Path(name).parents)}
            if not parts & ENGLISH and "/management/" not in name and "/migrations/" not in name:
                yield path


def name_of(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_plain(text: ast.expr) -> bool:
    is_text = isinstance(text, ast.Constant) and isinstance(text.value, str) and bool(text.value)
    return is_text or isinstance(text, ast.JoinedStr)


def is_of_messages(call: ast.Call) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in MESSAGES:
        return False
    return isinstance(function.value, ast.Name) and function.value.id == "messages"


def mistakes(source: str, *, is_form: bool) -> Iterator[int]:
    """The lines of what is not marked."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = name_of(call)
        marked = 1 if is_of_messages(call) else TRANSLATED.get(name)
        literal = 0 if name in ENGINE else KEPT_IN_ENGLISH.get(name)
        if marked is not None and len(call.args) > marked and is_plain(call.args[marked]):
            yield call.lineno
        if literal is not None and len(call.args) > literal:
            text = call.args[literal]
            if not isinstance(text, ast.Constant | ast.Name | ast.Attribute):
                yield call.lineno
        if is_form:
            options = (option for option in call.keywords if option.arg in SHOWN_OPTIONS)
            yield from (call.lineno for option in options if is_plain(option.value))


def test_nothing_is_unmarked() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        for line in mistakes(path.read_text(), is_form=path.name.endswith("forms.py"))
    ]
    assert found == [], "Mark these: see Translations in CONTRIBUTING.md."


@pytest.mark.parametrize(
    "source",
    [
        "messages.success(request, 'Done.')",
        "messages.error(request, f'{name} is missing.')",
        "raise forms.ValidationError('Choose one.')",
        "raise UploadError('too_small', f'{width} pixels')",
        "raise UploadError('too_small', _('Too small.'))",
        "raise UnknownFormatError(f'{name} is no picture.')",
        "CharField(label='Title')",
    ],
)
def test_what_would_be_found(source: str) -> None:
    assert list(mistakes(source, is_form=True)) == [1]


@pytest.mark.parametrize(
    "source",
    [
        "messages.success(request, _('Done.'))",
        "messages.success(request, text % {'number': 1})",
        "raise UploadError('too_small', 'It has %(width)d pixels.', params={'width': 1})",
        "raise UnknownFormatError(NO_PICTURE)",
        "CharField(label=_('Title'), help_text='')",
    ],
)
def test_what_is_right(source: str) -> None:
    assert list(mistakes(source, is_form=True)) == []
