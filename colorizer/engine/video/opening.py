"""A film's file, opened without following what it names: no addresses, no playlists, no sequences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from colorizer.engine.errors import (
    N_,
    DamagedFilmError,
    EncryptedFilmError,
    NoVideoError,
    StillPictureError,
    UnknownContainerError,
    UnreadableFilmError,
    UnreadablePictureError,
)
from colorizer.engine.imageio.formats import HEAD_BYTES, format_of_content

DEMUXERS: Final = (  # the only ones that are begun
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h264,hevc,flv,live_flv,"
    "asf,ogg,mxf,dv,gif,apng,ivf,nut,rm,vc1,h263,obu,av1,webp_anim,webp"
)
"""Containers of one file. Playlists, concatenations and sequences would read other files."""
OPTIONS: Final = {
    "protocol_whitelist": "file",
    "format_whitelist": DEMUXERS,
    "fflags": "+genpts",
}
ENCRYPTED_TAGS: Final = frozenset({"encv", "drmi"})


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The container; what FFmpeg raises while it is open gets a name.

    Raises:
        UnreadableFilmError: it is no film, or a damaged one.
        OSError: the file cannot be opened.
    """
    with path.open("rb"):
        pass  # says what is wrong with the path itself, in the system's words
    try:
        container = av.open(address(path), options=OPTIONS, metadata_errors="replace")
    except av.error.FFmpegError as error:
        if _is_picture(path):
            raise StillPictureError(STILL_PICTURE) from error
        raise UnknownContainerError(NO_FILM) from error
    with container:
        yield container


def address(path: Path) -> str:
    """A name that FFmpeg takes for that of a file, whatever colons are in it."""
    return f"file:{path.absolute()}"


STILL_PICTURE: Final = N_("This is a picture, not a film. Upload it as a photo.")
ENCRYPTED: Final = N_("The film is encrypted. Use a copy without protection.")
NO_FILM: Final = N_(
    "This is not a film that can be read. Use MP4, MOV, MKV, WebM, AVI, MPEG, WMV, FLV or GIF."
)


def _is_picture(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            format_of_content(file.read(HEAD_BYTES))
        except UnreadablePictureError:
            return False
    return True


def demuxed(container: InputContainer, streams: Stream | Sequence[Stream]) -> Iterator[Packet[Any]]:
    """All packets. PyAV fails at the end when a track began in the middle of a damaged file or broadcast."""
    try:
        yield from container.demux(streams)
    except IndexError:
        return


def video_stream(container: InputContainer) -> VideoStream:
    """The one that is colorized: the first that is not a cover picture.

    Raises:
        NoVideoError: there is none.
        EncryptedFilmError: it is locked.
        UnreadableFilmError: no decoder knows its codec.
    """
    for stream in container.streams.video:
        if stream.disposition & av.stream.Disposition.attached_pic:
            continue
        if stream.codec_context is None:
            raise UnreadableFilmError(N_("The film's codec is not known. Save it as H.264."))
        if stream.codec_context.codec_tag in ENCRYPTED_TAGS:
            raise EncryptedFilmError(ENCRYPTED)
        return stream
    raise NoVideoError(N_("There is no video in this file."))


def damaged(error: av.error.FFmpegError) -> DamagedFilmError:
    """With FFmpeg's word for what is wrong, without the file's name."""
    return DamagedFilmError(error.strerror or "the data cannot be decoded")
