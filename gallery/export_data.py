"""Writes the tables of an export into its first zip file: as JSON for programs, as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import User
from colorizer.models import Colorization
from gallery.archive_contents import README, TABLES, Entry
from gallery.exports import Table, tables
from gallery.models import Photo

# A cell that begins so is a formula for a spreadsheet.
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
Paths = dict[UUID, tuple[str, int]]


def write(file: zipfile.ZipFile, owner: User, parts: Sequence[Sequence[Entry]]) -> None:
    now = timezone.now()
    paths = {
        entry.record: (entry.name, number)
        for number, entries in enumerate(parts, 1)
        for entry in entries
    }
    context = {"owner": owner, "now": now, "parts": len(parts), "tables": tables()}
    # A worker has no language of its own.
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        readme = render_to_string("gallery/export_readme.txt", context)
    file.writestr(_info(README), readme)
    for table in tables():
        _write_json(file, table, owner, paths)
        _write_csv(file, table, owner, paths)


def _write_json(file: zipfile.ZipFile, table: Table, owner: User, paths: Paths) -> None:
    """Row by row: a large library's are never held together."""
    with _text(file, f"{table.name}.json") as target:
        target.write("[")
        for number, row in enumerate(_rows(table, owner, paths)):
            target.write(",\n" if number else "\n")
            json.dump(row, target, cls=DjangoJSONEncoder, ensure_ascii=False)
        target.write("\n]\n")


def _write_csv(file: zipfile.ZipFile, table: Table, owner: User, paths: Paths) -> None:
    with _text(file, f"{table.name}.csv") as target:
        target.write("\N{BYTE ORDER MARK}")  # Excel takes it for UTF-8 then
        writer = csv.writer(target)
        writer.writerow(_columns(table))
        for row in _rows(table, owner, paths):
            writer.writerow([_cell(value) for value in row.values()])


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        value = "; ".join(each if isinstance(each, str) else json.dumps(each) for each in value)
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return "" if value is None else value


def _columns(table: Table) -> list[str]:
    places = ["file_in_export", "part_of_export"] if table.model in (Photo, Colorization) else []
    return [*table.columns, *places]


def _rows(table: Table, owner: User, paths: Paths) -> Iterator[dict[str, Any]]:
    """Photos and colorizations with the place of their file in the export."""
    for row in table.rows(owner):
        if table.model in (Photo, Colorization):
            name, part = paths.get(row["id"], ("", None))
            row |= {"file_in_export": name, "part_of_export": part}
        yield row


def _text(file: zipfile.ZipFile, name: str) -> io.TextIOWrapper:
    raw = file.open(_info(f"{TABLES}/{name}"), "w", force_zip64=True)
    return io.TextIOWrapper(raw, encoding="utf-8", newline="")


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=timezone.now().timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
