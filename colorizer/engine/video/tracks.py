"""Sound and subtitles of a film: copied packet by packet where the result can hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeAlias, cast

import av
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.codec import Codec
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from colorizer.engine.errors import N_
from colorizer.engine.video.description import Container
from colorizer.engine.video.opening import demuxed

COPIED_SOUND: Final[dict[Container, frozenset[str]]] = {
    "mp4": frozenset({"aac", "mp3", "mp3float", "ac3", "eac3", "alac", "opus", "libopus", "flac"}),
    "webm": frozenset({"opus", "libopus", "vorbis"}),
}
SOUND_ENCODERS: Final[dict[Container, str]] = {"mp4": "aac", "webm": "libopus"}
TEXT_SUBTITLES: Final = frozenset({"subrip", "srt", "ass", "ssa", "webvtt", "text", "mov_text"})
COPIED_SUBTITLES: Final[dict[Container, frozenset[str]]] = {
    "mp4": frozenset({"mov_text", "dvdsub"}),
    "webm": frozenset({"webvtt"}),
}
SUBTITLES: Final[dict[Container, str]] = {"mp4": "mov_text", "webm": "webvtt"}
LAYOUTS: Final = {
    1: "mono",
    2: "stereo",
    3: "2.1",
    4: "4.0",
    5: "5.0",
    6: "5.1",
    7: "6.1",
    8: "7.1",
}
"""Of sound that is converted, by its channels: files do not always name them."""
OPUS_LAYOUTS: Final = {**LAYOUTS, 3: "3.0", 4: "quad"}
"""Opus has no others of so many channels (RFC 7845, 5.1.1.2)."""
OPUS_RATE: Final = 48_000
DAMAGED: Final = N_("Damaged sound or subtitles were left out.")
Timed: TypeAlias = "tuple[Fraction, Packet[Any]]"
"""With its time in the result."""
STYLE: Final = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""  # noqa: E501  (a line each, by its format)
"""What FFmpeg's encoder of timed text asks for: white, below, at the center."""


@dataclass(frozen=True)
class Part:
    """What of a film is kept, in seconds of its own time: from `begin` on, before `end`."""

    begin: Fraction | None
    end: Fraction | None
    origin: Fraction

    def holds(self, time: Fraction) -> bool:
        return (self.begin is None or time >= self.begin) and (self.end is None or time < self.end)


class Tracks:
    """The tracks of a source beside its video, being written to a result.

    Attributes:
        notes: English sentences about what is not copied as it is.
    """

    def __init__(
        self, source: InputContainer, result: OutputContainer, container: Container, part: Part
    ) -> None:
        self._source, self._result, self._container = source, result, container
        self._part = part
        self.notes: list[str] = []
        self._targets: dict[int, _Track] = {}
        for stream in (*source.streams.audio, *source.streams.subtitles):
            track = self._track(stream)
            if track is not None:
                self._targets[stream.index] = track
                _describe(track.stream, stream)

    def _track(self, stream: Stream) -> _Track | None:
        context: Any = stream.codec_context
        codec: str | None = context.name if context else None
        if codec is None:
            self.notes.append(N_("A track of an unknown codec was left out."))
            return None
        if stream.type == "audio":
            if codec in COPIED_SOUND[self._container]:
                return _Copied(self._result.add_stream_from_template(stream))
            self.notes.append(
                N_("Sound was converted, since the container cannot hold it as it is.")
            )
            return _Sound(
                self._result, cast("AudioStream", stream), SOUND_ENCODERS[self._container]
            )
        return self._subtitles(stream, codec)

    def _subtitles(self, stream: Stream, codec: str) -> _Track | None:
        if codec in COPIED_SUBTITLES[self._container]:
            return _Copied(self._result.add_stream_from_template(stream))
        if codec in TEXT_SUBTITLES:
            return _Text(self._result, SUBTITLES[self._container])
        self.notes.append(N_("Subtitles that are pictures were left out."))
        return None

    def packets(self) -> Iterator[Timed]:
        """In the order of the file, with their time in the result."""
        streams = [self._source.streams[index] for index in self._targets]
        if not streams:
            return
        try:
            for packet in demuxed(self._source, streams):
                if packet.size:
                    yield from self._timed(self._targets[packet.stream.index], packet)
        except av.error.InvalidDataError:  # the container breaks off
            self._note(DAMAGED)
        for track in self._targets.values():
            yield from self._rising(track, track.rest())

    def _timed(self, track: _Track, packet: Packet[Any]) -> Iterator[Timed]:
        part = self._part
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is None or not part.holds(stamp * packet.time_base):
            return
        shift = round(part.origin / packet.time_base)
        packet.pts = stamp - shift
        packet.dts = packet.pts if packet.dts is None else packet.dts - shift
        try:
            written = [*track.written(packet)]
        except av.error.InvalidDataError:
            self._note(DAMAGED)
            return
        yield from self._rising(track, written)

    def _rising(self, track: _Track, packets: Iterable[Packet[Any]]) -> Iterator[Timed]:
        """Without those that a damaged film places before what is written: no container takes them."""
        for packet in packets:
            packet.stream = track.stream
            time = (packet.dts or packet.pts or 0) * packet.time_base
            if not track.may_follow(time):
                self._note(DAMAGED)
                continue
            track.written_to = time
            yield time, packet

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


class _Track:
    """
    Attributes:
        written_to: when its last packet is decoded, in seconds; None so far.
    """

    stream: Stream
    written_to: Fraction | None = None

    def written(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        raise NotImplementedError

    def rest(self) -> Iterator[Packet[Any]]:
        """What is held back until the end."""
        return iter(())

    def may_follow(self, time: Fraction) -> bool:
        """Lines of text may begin together, pieces of sound may not."""
        if self.written_to is None:
            return True
        return time > self.written_to or (
            time == self.written_to and self.stream.type == "subtitle"
        )


class _Copied(_Track):
    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def written(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        yield packet


class _Sound(_Track):
    """Decoded and encoded anew."""

    def __init__(self, result: OutputContainer, source: AudioStream, encoder: str) -> None:
        wanted = OPUS_RATE if encoder == "libopus" else source.codec_context.sample_rate
        known = Codec(encoder, "w").audio_rates or [wanted]
        rate = min(known, key=lambda rate: abs(rate - wanted))
        layouts = OPUS_LAYOUTS if encoder == "libopus" else LAYOUTS
        layout = layouts.get(source.codec_context.layout.nb_channels, "stereo")
        self.stream: Any = result.add_stream(encoder, rate=rate, layout=layout)
        self._source = source
        context: Any = self.stream.codec_context
        context.open(strict=False)
        self._resampler = AudioResampler(
            context.format, context.layout, context.sample_rate, context.frame_size or None
        )

    def written(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        return self._encoded(packet.decode())

    def rest(self) -> Iterator[Packet[Any]]:
        yield from self._encoded([*self._source.decode(), None])
        yield from self.stream.encode(None)

    def _encoded(self, frames: Sequence[Any]) -> Iterator[Packet[Any]]:
        for frame in frames:
            for resampled in self._resampler.resample(frame):
                yield from self.stream.encode(resampled)


class _Text(_Track):
    """Lines of text, without their style."""

    def __init__(self, result: OutputContainer, codec: str) -> None:
        self._is_timed_text = codec == "mov_text"
        if self._is_timed_text:
            encoded: Any = result.add_stream(codec)
            encoded.codec_context.subtitle_header = STYLE
            self.stream = encoded
        else:
            self.stream = result.add_mux_stream(codec)

    def written(self, packet: Packet[Any]) -> Iterator[Packet[Any]]:
        text = "\n".join(_lines(packet)).encode()
        if not text:
            return
        written: Packet[Any] = Packet(len(text).to_bytes(2) + text if self._is_timed_text else text)
        written.pts = written.dts = packet.pts
        written.duration, written.time_base = packet.duration, packet.time_base
        written.is_keyframe = True
        yield written


def _lines(packet: Packet[Any]) -> Iterator[str]:
    for subtitle in packet.decode():
        dialogue = getattr(subtitle, "dialogue", b"")
        yield dialogue.decode(errors="replace") if isinstance(dialogue, bytes) else dialogue


def _describe(target: Stream, source: Stream) -> None:
    for name in ("language", "title", "handler_name"):
        if name in source.metadata:
            target.metadata[name] = source.metadata[name]
    target.disposition = source.disposition
