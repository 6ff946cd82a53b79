"""What may be wrong with a file whose picture can be read nevertheless. Loads no libvips."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from colorizer.engine.errors import N_


class Flaw(StrEnum):
    NO_END = "no_end"
    DAMAGED = "damaged"

    @property
    def sentence(self) -> str:
        """For the person whose file it is."""
        return SENTENCES[self]


SENTENCES: Final = {
    Flaw.NO_END: N_("The end of the file is missing, but the whole picture is there."),
    Flaw.DAMAGED: N_("A part of the file is damaged, and the picture may show it."),
}
