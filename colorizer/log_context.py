"""What the lines of the log are about, such as a job: set where it begins, shown in each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_ids: ContextVar[Mapping[str, object]] = ContextVar("ids", default=MappingProxyType({}))


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Every line logged in the body carries these, too; what they are is asked for each line."""
    token = _ids.set({**_ids.get(), **ids})
    try:
        yield
    finally:
        _ids.reset(token)


def current() -> Mapping[str, object]:
    return _ids.get()
