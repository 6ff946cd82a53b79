"""Small pictures with flipped bits, cuts, splices and wrong lengths, sent to decoders as uploads are.

`python -m tests.hostile.fuzz --number 100000 --keep FOLDER` is the long form: it prints what became
of them, and keeps those that a decoder did not survive. The same numbers give the same files.
"""

from __future__ import annotations

import argparse
import struct
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from PIL import Image

from colorizer.decoding import DecodingTask
from colorizer.decoding.pool import ProcessLostError, ProcessPool
from tests.hostile import heifs, tiffs
from tests.hostile.pngs import SIGNATURE
from tests.pictures import GRADIENT, encoded

LIMIT_SECONDS = 10
REPORT_EVERY = 1000
INTERESTING = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)

SMALL = GRADIENT.resize((24, 20))
COLOR = Image.merge("RGB", [SMALL, SMALL.rotate(90), SMALL.rotate(180)])
ALPHA = COLOR.convert("RGBA")


def seeds() -> list[bytes]:
    """Of each format some that take different ways through its decoder."""
    exif = Image.Exif()
    exif[0x0112] = 6
    avif, heic = heifs.files_of_tiles()
    return [
        encoded(COLOR, "JPEG", exif=exif),
        encoded(COLOR, "JPEG", progressive=True),
        encoded(COLOR.convert("CMYK"), "JPEG"),
        encoded(SMALL, "PNG"),
        encoded(ALPHA, "PNG", exif=exif),
        encoded(COLOR.quantize(16), "PNG"),
        encoded(COLOR, "TIFF", exif=exif),
        encoded(ALPHA, "TIFF", compression="tiff_lzw"),
        encoded(COLOR, "TIFF", compression="jpeg"),
        encoded(SMALL.convert("1"), "TIFF", compression="group4"),
        encoded(COLOR.convert("YCbCr"), "TIFF"),
        tiffs.picture(24, 20, bytes(480), layout=tiffs.BIG),
        encoded(COLOR, "WEBP", exif=exif),
        encoded(ALPHA, "WEBP", lossless=True),
        encoded(COLOR, "GIF"),
        encoded(SMALL, "BMP"),
        encoded(COLOR, "BMP"),
        encoded(COLOR, "AVIF", exif=exif),
        encoded(ALPHA, "HEIF", exif=exif),
        avif,
        heic,
    ]


def mutation(number: int, known: list[bytes]) -> bytes:
    """The file of that number: one of `known`, changed in one to four ways."""
    chance = Random(number)  # noqa: S311  (the same file each time)
    content = bytearray(known[number % len(known)])
    for _ in range(chance.randint(1, 4)):
        chance.choice(CHANGES)(content, chance)
    if chance.random() < 0.1:
        other = chance.choice(known)
        content = content[: chance.randrange(len(content) + 1)]
        content += other[chance.randrange(len(other)) :]
    whole = bytes(content)
    return _with_checksums(whole) if whole.startswith(SIGNATURE) else whole


def mutations(numbers: range, known: list[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, mutation(number, known)) for number in numbers)


def _flip_bits(content: bytearray, chance: Random) -> None:
    for _ in range(chance.randint(1, 8)):
        if content:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _set_number(content: bytearray, chance: Random) -> None:
    """A length, a count, an offset: as large or small as can be, or one off."""
    size = chance.choice((1, 2, 4))
    if len(content) < size:
        return
    start = chance.randrange(len(content) - size + 1)
    order: str = chance.choice(("<", ">"))
    code = order + {1: "B", 2: "H", 4: "I"}[size]
    (now,) = struct.unpack_from(code, content, start)
    wanted = chance.choice((*INTERESTING, now + 1, now - 1, len(content)))
    struct.pack_into(code, content, start, wanted % 2 ** (8 * size))


def _cut(content: bytearray, chance: Random) -> None:
    del content[chance.randrange(len(content) + 1) :]


def _remove(content: bytearray, chance: Random) -> None:
    start = chance.randrange(len(content) + 1)
    del content[start : start + chance.randint(1, 64)]


def _repeat(content: bytearray, chance: Random) -> None:
    start = chance.randrange(len(content) + 1)
    content[start:start] = content[start : start + chance.randint(1, 64)] * chance.choice(
        (1, 2, 50)
    )


CHANGES: list[Callable[[bytearray, Random], None]] = [
    *(_flip_bits, _flip_bits, _set_number, _set_number, _set_number),
    *(_cut, _remove, _repeat),
]


def _with_checksums(png: bytes) -> bytes:
    """Right ones, else nothing behind the first change would be looked at."""
    content, position = bytearray(png), len(SIGNATURE)
    while position + 12 <= len(content):
        end = position + 8 + int.from_bytes(content[position : position + 4])
        if end + 4 > len(content):
            break
        content[end : end + 4] = zlib.crc32(content[position + 4 : end]).to_bytes(4)
        position = end + 4
    return bytes(content)


@dataclass(frozen=True)
class Verdict:
    number: int
    outcome: str
    seconds: float
    is_lost: bool = False


def verdicts(contents: Iterable[tuple[int, bytes]]) -> Iterator[Verdict]:
    """What becomes of each, by its number."""
    decoders = ProcessPool("colorizer.decoding.process", size=1, max_requests=200)
    with TemporaryDirectory() as folder:
        source, shown = Path(folder, "source"), str(Path(folder, "shown"))
        paths = (str(source), shown, shown, shown)
        task = asdict(DecodingTask(*paths, min_side=1, max_pixels=64_000_000, max_film_seconds=60))
        for number, content in contents:
            source.write_bytes(content)
            start = time.monotonic()
            try:
                answer = decoders.ask(task, LIMIT_SECONDS, LIMIT_SECONDS)
                outcome, is_lost = _in_a_word(answer), "failed" in answer
            except ProcessLostError as error:
                outcome, is_lost = str(error), True
            yield Verdict(number, outcome, time.monotonic() - start, is_lost)


def _in_a_word(answer: dict[str, object]) -> str:
    refused = answer.get("refused")
    return str(refused["code"]) if isinstance(refused, dict) else next(iter(answer))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description=__doc__)
    parser.add_argument("--number", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for what decoders do not survive")
    options = parser.parse_args()
    counted: Counter[str] = Counter()
    slowest, lost, known = 0.0, 0, seeds()
    numbers = range(options.first, options.first + options.number)
    for verdict in verdicts(mutations(numbers, known)):
        counted[verdict.outcome] += 1
        slowest = max(slowest, verdict.seconds)
        if verdict.is_lost:
            lost += 1
            _say(f"{verdict.number}: {verdict.outcome}")
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                content = mutation(verdict.number, known)
                (options.keep / str(verdict.number)).write_bytes(content)
        if counted.total() % REPORT_EVERY == 0:
            _say(f"{counted.total():,} done, {lost} lost, slowest {slowest:.2f} s: {counted}")
    sys.exit(1 if lost else 0)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
