"""Which license each source states, as its user wrote it down, and which pictures that leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from colorizer.engine.errors import ColorizerError


class LicenseError(ColorizerError):
    """The file of licenses cannot be used as it is."""


@dataclass(frozen=True)
class Licenses:
    """The license of every source, and those whose pictures are left out.

    stated: by a source's path or its first parts; of several the longest counts.
    """

    stated: Mapping[PurePosixPath, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()

    def of(self, source: str) -> str | None:
        path = PurePosixPath(source)
        return next((self.stated[p] for p in (path, *path.parents) if p in self.stated), None)

    def permits(self, source: str) -> bool:
        return self.of(source) not in self.left_out

    def check(self, sources: Iterable[str]) -> None:
        """Every source has a license.

        Raises:
            LicenseError: one of them has none.
        """
        missing = [source for source in sources if self.of(source) is None]
        if self.stated and missing:
            raise LicenseError(
                f"The file of licenses has no line for {missing[0]} "
                f"({len(missing)} such pictures). Add its folder, archive or repository."
            )

    def counts(self, sources: Iterable[str]) -> Counter[str]:
        return Counter(name for source in sources if (name := self.of(source)))


ANY_LICENSE: Final = Licenses()


def read_licenses(
    path: Path, *, leave_out: Collection[str] = (), only: Collection[str] = ()
) -> Licenses:
    """Lines of a source, a tab and its license.

    Args:
        leave_out: licenses whose pictures are left out.
        only: the only licenses whose pictures are kept, unless empty.

    Raises:
        LicenseError: a line is malformed or repeats a source; no source has a license named.
        OSError: the file cannot be read.
    """
    stated: dict[PurePosixPath, str] = {}
    for number, line in enumerate(_text_of(path).splitlines(), start=1):
        if line.strip():
            source, license_name = _parsed(line, f"{path}, line {number}")
            if source in stated:
                raise LicenseError(f"{path}, line {number}: {source} has a license already.")
            stated[source] = license_name
    if not stated:
        raise LicenseError(f"{path} names no source. Write lines of a source, a tab, a license.")
    known = frozenset(stated.values())
    if unknown := {*leave_out, *only} - known:
        raise LicenseError(
            f"{path} names no source of license {', '.join(sorted(unknown))}, "
            f"only of {', '.join(sorted(known))}."
        )
    return Licenses(stated, known - frozenset(only) if only else frozenset(leave_out))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LicenseError(f"{path} is not UTF-8 ({error}). Save it as such.") from error


def _parsed(line: str, place: str) -> tuple[PurePosixPath, str]:
    match [cell.strip() for cell in line.split("\t")]:
        case [str(source), str(license_name)] if source and license_name:
            return PurePosixPath(source), license_name
    raise LicenseError(f"{place}: expected a source, a tab and its license.")
