"""The table of film formats: what a file is called and served as. Loads neither av nor Django."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from colorizer.engine.imageio.formats import FORMATS, PictureFormat

DOCTYPE_BYTES: Final = 64
"""As many bytes from the start of a Matroska file tell whether it is WebM."""


@dataclass(frozen=True)
class FilmContainer:
    """One container.

    Attributes:
        name: as it is shown to people and recorded, at most 8 characters.
        suffixes: of file names, lower case with their dots; downloads get the first.
        content_types: the first is the one to serve; browsers send any of them.
        demuxers: FFmpeg's names of it.
    """

    name: str
    suffixes: tuple[str, ...]
    content_types: tuple[str, ...]
    demuxers: frozenset[str] = frozenset()

    @property
    def suffix(self) -> str:
        return self.suffixes[0]

    @property
    def content_type(self) -> str:
        return self.content_types[0]


_TABLE: Final = (
    FilmContainer("MP4", (".mp4", ".m4v", ".3gp"), ("video/mp4", "video/3gpp"), frozenset({"mp4"})),
    FilmContainer("MOV", (".mov", ".qt"), ("video/quicktime",)),
    FilmContainer("WebM", (".webm",), ("video/webm",)),
    FilmContainer("Matroska", (".mkv",), ("video/x-matroska",), frozenset({"matroska"})),
    FilmContainer("AVI", (".avi",), ("video/x-msvideo", "video/avi"), frozenset({"avi"})),
    FilmContainer("MPEG-TS", (".ts", ".m2ts", ".mts"), ("video/mp2t",), frozenset({"mpegts"})),
    FilmContainer("MPEG", (".mpg", ".mpeg", ".vob"), ("video/mpeg",), frozenset({"mpeg"})),
    FilmContainer(
        "WMV", (".wmv", ".asf"), ("video/x-ms-wmv", "video/x-ms-asf"), frozenset({"asf"})
    ),
    FilmContainer("FLV", (".flv",), ("video/x-flv",), frozenset({"flv"})),
    FilmContainer("Ogg", (".ogv",), ("video/ogg",), frozenset({"ogg"})),
    FilmContainer("MXF", (".mxf",), ("application/mxf",), frozenset({"mxf"})),
    FilmContainer("DV", (".dv",), ("video/x-dv",), frozenset({"dv"})),
    FilmContainer("Film", (".film",), ("video/x-unknown",)),
)
FILM_FORMATS: Final[dict[str, FilmContainer]] = {known.name: known for known in _TABLE}
FILM_SUFFIXES: Final = tuple(suffix for known in _TABLE for suffix in known.suffixes)
RESULT_FORMAT: Final = FILM_FORMATS["MP4"]
ACCEPTED_FILM_TYPES: Final = "video/*,.mkv,.mxf,.ts,.m2ts"
"""For the `accept` attribute of a file field. Some browsers know no type of these suffixes."""
# Animated pictures are films, and stay what they are.
_PICTURES: Final = {"gif": "GIF", "webp": "WebP", "webp_anim": "WebP", "apng": "PNG"}


def film_format(demuxer: str, head: bytes) -> FilmContainer | PictureFormat:
    """
    Args:
        demuxer: FFmpeg's name of the container, such as "mov,mp4,m4a,3gp,3g2,mj2".
        head: the first DOCTYPE_BYTES of the file.
    """
    names = set(demuxer.split(","))
    for name in names & set(_PICTURES):
        return FORMATS[_PICTURES[name]]  # type: ignore[index]
    if head[4:12] == b"ftypqt  " or head[4:8] in (b"moov", b"mdat", b"wide"):
        return FILM_FORMATS["MOV"]
    if b"webm" in head and "matroska" in names:
        return FILM_FORMATS["WebM"]
    return next((known for known in _TABLE if known.demuxers & names), FILM_FORMATS["Film"])
