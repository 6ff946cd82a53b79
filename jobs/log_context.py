"""What the lines of the log are about, such as a job: set where it begins, shown in each line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

CLUSTER_VARIABLE: Final = "JOBS_CLUSTER"
"""Environment variable of all processes of a cluster: its id."""

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
    """The cluster of this process, if it is in one, and what is bound."""
    cluster = os.environ.get(CLUSTER_VARIABLE)
    return {"cluster": cluster, **_ids.get()} if cluster else _ids.get()
