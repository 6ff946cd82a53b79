"""What an export has of the database: a table for each model that knows of a person.

An app registers its own in AppConfig.ready(), or says why it is left out:
`tests/gallery/test_export_complete.py` looks at every model that there is.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Field, Model, QuerySet
from django.db.models.fields.files import FieldFile

from accounts.models import User

ROWS_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Table:
    """
    Attributes:
        name: of its files in the zip, without the suffix.
        rows_of: a person's rows.
        left_out: fields that are not told, each with the reason.
        names: many-to-many fields, which are told as lists of names.
    """

    name: str
    model: type[Model]
    rows_of: Callable[[User], QuerySet[Any]]
    left_out: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def fields(self) -> list[Field[Any, Any]]:
        fields = self.model._meta.concrete_fields  # noqa: SLF001  (Django's public name)
        return [field for field in fields if field.name not in self.left_out]

    @property
    def columns(self) -> list[str]:
        return [*(field.name for field in self.fields), *self.names]

    def rows(self, owner: User) -> Iterator[dict[str, Any]]:
        found = self.rows_of(owner).order_by("pk").prefetch_related(*self.names)
        for record in found.iterator(chunk_size=ROWS_AT_ONCE):
            row = {field.name: _plain(field.value_from_object(record)) for field in self.fields}
            for name in self.names:
                row[name] = [str(related) for related in getattr(record, name).all()]
            yield row


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return str(value) if isinstance(value, FieldFile) else value


_tables: dict[str, Table] = {}
_left_out: dict[type[Model], str] = {}


def register(table: Table) -> None:
    if _tables.setdefault(table.name, table) is not table:
        raise ValueError(f"There are two tables named {table.name} in the export: rename one.")


def leave_out(model: type[Model], reason: str) -> None:
    """Rows of this model are no part of an export."""
    _left_out[model] = reason


def tables() -> list[Table]:
    return list(_tables.values())


def left_out() -> Mapping[type[Model], str]:
    return _left_out
