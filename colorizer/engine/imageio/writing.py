"""Results as files: whole or not at all, in sRGB, and saying how they were made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from colorizer.engine.files import finished_file
from colorizer.engine.imageio.corner_mark import draw_corner_mark
from colorizer.engine.imageio.depth import eight_bit, sixteen_bit
from colorizer.engine.imageio.encoding import ENCODERS, Result
from colorizer.engine.imageio.formats import (
    HIGH_DEPTH,
    PictureFormat,
    SaveOptions,
    bits_of_result,
    check_destination,
    format_of,
)
from colorizer.engine.imageio.metadata import Metadata, upright_exif
from colorizer.engine.imageio.provenance import Provenance, xmp_packet
from colorizer.engine.imageio.vips import cause_of, forget_errors, pyvips


def write_picture(
    pixels: NDArray[Any],
    alpha: NDArray[Any] | None,
    destination: Path,
    options: SaveOptions,
    provenance: Provenance,
    metadata: Metadata,
) -> None:
    """Write a result in the format of the destination's suffix.

    The file appears under its name only when it is complete and synced. Pixels that have the bits
    that are to be written (see `bits_of_result`) are not copied.

    Args:
        pixels: H x W x 3, sRGB, uint8 or uint16; with `options.corner_mark` the mark is drawn into
            them.
        alpha: H x W, the dtype of `pixels`; kept where the format has it.
        metadata: of the source. Its resolution is always carried, the rest on request only.

    Raises:
        UnsupportedFormatError: unknown suffix, or bits or a size that the format does not hold.
        OSError: no space, no right, no folder.
    """
    height, width = pixels.shape[:2]
    check_destination(destination, options, (width, height))
    if options.corner_mark:
        draw_corner_mark(pixels, alpha)
    written = format_of(destination)
    bits = bits_of_result(destination, options, 16 if pixels.dtype == np.uint16 else 8)
    convert = sixteen_bit if bits == HIGH_DEPTH else eight_bit
    result = Result(
        convert(pixels),
        convert(alpha) if alpha is not None and written.has_alpha else None,
        options.quality,
        _carried(metadata, provenance, written, keep=options.keep_metadata),
    )
    with _finished(destination) as file:
        ENCODERS[written.name](result, file)


def _carried(
    metadata: Metadata, provenance: Provenance, written: PictureFormat, *, keep: bool
) -> Metadata:
    if not keep:
        return Metadata(xmp=xmp_packet(provenance), dpi=metadata.dpi)
    exif = upright_exif(metadata.exif) if metadata.exif else None
    iptc = metadata.iptc if written.carries_iptc else None
    return replace(metadata, exif=exif, iptc=iptc, xmp=xmp_packet(provenance, metadata.xmp))


@contextmanager
def _finished(destination: Path) -> Iterator[BinaryIO]:
    try:
        with finished_file(destination) as file:
            yield file
    except (pyvips.Error, RuntimeError, UnicodeDecodeError) as error:
        raise OSError(f"The result cannot be written: {cause_of(error)}") from error
    finally:
        forget_errors()
