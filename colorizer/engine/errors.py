"""What can go wrong in the engine, told to the person who asked for the colors."""

from __future__ import annotations

import struct
import zlib

# What Pillow's decoders raise for bytes that are not what the header says.
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    IndexError,
    struct.error,
    zlib.error,
)


def N_(text: str) -> str:  # noqa: N802  (Babel knows it by this name)
    """Marks a text for translation. The engine translates nothing: who shows the text does."""
    return text


class ColorizerError(Exception):
    """The message names the cause and what to do; it may be shown to a user.

    Attributes:
        text: in English, with named placeholders, for whoever translates it.
        params: what takes their places; none when the text is as it is.
    """

    def __init__(self, text: str = "", **params: str | int) -> None:
        super().__init__(text % params if params else text)
        self.text = text
        self.params = params


class UnreadablePictureError(ColorizerError):
    """The source is not a picture that can be read whole."""


class DamagedPictureError(UnreadablePictureError):
    """What its format promises is not there; `cause` is a decoder's word for it."""

    def __init__(self, cause: str) -> None:
        super().__init__(N_("The picture is damaged: %(cause)s"), cause=cause)
        self.cause = cause


class UnknownFormatError(UnreadablePictureError):
    """The content is in none of the formats that are read."""


class SeveralFramesError(UnreadablePictureError):
    """An animation, a sequence or a document of several pages."""


class TooManyPagesError(UnreadablePictureError):
    """A document of more pages than are taken apart."""


class LockedDocumentError(UnreadablePictureError):
    """A document that opens by a password only."""


class BlankPageError(UnreadablePictureError):
    """A page with nothing on it."""


class PictureTooLargeError(UnreadablePictureError):
    """More pixels than are read."""


class PictureTooComplexError(UnreadablePictureError):
    """So built that it would take far more time or memory than its pixels: the work of an attacker."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This picture is built in a way that takes too long to read. "
                "Save it again as an ordinary JPEG or PNG."
            )
        )


class UnsupportedPixelsError(UnreadablePictureError):
    """Depths, colors or compressions of a known format that are not read; the message says which."""


class UnreadableFilmError(ColorizerError):
    """The source is not a film that can be read."""


class UnknownContainerError(UnreadableFilmError):
    """The content is in none of the containers that are read."""


class NoVideoError(UnreadableFilmError):
    """There is sound, or nothing at all, but no moving picture."""


class StillPictureError(UnreadableFilmError):
    """A picture, whatever its name says."""


class DamagedFilmError(UnreadableFilmError):
    """What its container promises is not there; `cause` is FFmpeg's word for it."""

    def __init__(self, cause: str) -> None:
        super().__init__(N_("The film is damaged: %(cause)s"), cause=cause)
        self.cause = cause


class EncryptedFilmError(UnreadableFilmError):
    """Locked by digital rights management."""


class FilmTooLongError(UnreadableFilmError):
    """More seconds than are allowed."""


class FilmTooLargeError(UnreadableFilmError):
    """More pixels in a frame than are read."""


class UnsupportedFormatError(ColorizerError):
    """The destination's format is not known, or does not hold the result."""


class WeightsError(ColorizerError):
    """The weights file is missing, damaged or not of a known architecture."""


class HintsNotTakenError(WeightsError):
    """The weights, or their architecture, can use neither hints nor a reference photo."""


class HintError(ColorizerError, ValueError):
    """A hint that is none, that is outside of the picture, or one too many."""


class GrayReferenceError(ColorizerError, ValueError):
    """A reference photo without colors."""
