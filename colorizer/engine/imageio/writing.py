"""Results as files: whole or not at all, in sRGB, and saying how they were made.

One encoder for each format. Nothing here copies 8-bit colors needlessly.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.color import eight_bit, sixteen_bit
from colorizer.engine.files import finished_file
from colorizer.engine.imageio.corner_mark import draw_corner_mark
from colorizer.engine.imageio.formats import (
    HIGH_DEPTH,
    FormatName,
    PictureFormat,
    SaveOptions,
    bits_of_result,
    check_destination,
    format_of,
)
from colorizer.engine.imageio.metadata import (
    Metadata,
    exif_of_dpi,
    photoshop_from_iptc,
    upright_exif,
)
from colorizer.engine.imageio.provenance import Provenance, xmp_packet
from colorizer.engine.imageio.vips import (
    MILLIMETERS_PER_INCH,
    UNKNOWN_DPI,
    cause_of,
    forget_errors,
    pyvips,
)


@dataclass(frozen=True)
class Result:
    """A finished picture: pixels H x W x 3 and alpha H x W as the format takes them."""

    pixels: NDArray[Any]
    alpha: NDArray[Any] | None
    quality: int
    metadata: Metadata

    def blobs(self) -> dict[str, bytes]:
        """Metadata under libvips' names."""
        named = {
            "exif-data": self.metadata.exif,
            "iptc-data": self.metadata.iptc,
            "xmp-data": self.metadata.xmp,
        }
        return {name: content for name, content in named.items() if content}


RESOLUTION_IN_EXIF: Final[frozenset[FormatName]] = frozenset({"WebP", "AVIF", "HEIC"})
"""They have no other place for it."""

Encoder: TypeAlias = Callable[[Result, BinaryIO], None]


def _vips_encoder(
    saver: str,
    *,
    is_lossy: bool = False,
    has_profile: bool = True,
    kept: str = "icc",
    **options: Any,
) -> Encoder:
    if has_profile:
        options["profile"] = "srgb"

    def encode(result: Result, file: BinaryIO) -> None:
        target = pyvips.Target.new_to_descriptor(file.fileno())
        quality = {"Q": result.quality} if is_lossy else {}
        keep = "|".join([kept, *result.blobs()]).replace("-data", "")
        pyvips.Operation.call(saver, _vips_image(result), target, keep=keep, **quality, **options)

    return encode


def _vips_image(result: Result) -> Any:
    image = _in_memory(result.pixels)
    if result.alpha is not None:
        image = image.bandjoin(_in_memory(result.alpha))
    x, y = (dots / MILLIMETERS_PER_INCH for dots in result.metadata.dpi or UNKNOWN_DPI)
    colors = "rgb16" if result.pixels.dtype == np.uint16 else "srgb"
    image = image.copy(interpretation=colors, xres=x, yres=y)
    image.set_type(pyvips.GValue.gstr_type, "resolution-unit", "in")
    for name, content in result.blobs().items():
        image.set_type(pyvips.GValue.blob_type, name, content)
    return image


def _in_memory(pixels: NDArray[Any]) -> Any:
    height, width, *bands = pixels.shape
    depth = "ushort" if pixels.dtype == np.uint16 else "uchar"
    content = np.ascontiguousarray(pixels)
    return pyvips.Image.new_from_memory(content, width, height, *(bands or [1]), depth)


def _encode_jpeg(result: Result, file: BinaryIO) -> None:
    """Baseline and 4:4:4: progressive coding would take 6 bytes a pixel, 4:2:0 blur the colors."""
    # libvips puts the resolution of a JPEG into EXIF, even if there is nothing else in it.
    encode = _vips_encoder("jpegsave_target", is_lossy=True, kept="icc|exif", subsample_mode="off")
    iptc = result.metadata.iptc
    wrapped = replace(result.metadata, iptc=photoshop_from_iptc(iptc) if iptc else None)
    encode(replace(result, metadata=wrapped), file)


def _encode_heic(result: Result, file: BinaryIO) -> None:
    mode, pixels = "RGB", result.pixels
    if result.alpha is not None:
        mode, pixels = "RGBA", np.dstack([result.pixels, result.alpha])
    height, width = pixels.shape[:2]
    content = np.ascontiguousarray(pixels)
    pictures = pillow_heif.from_bytes(mode, (width, height), content.data.cast("B"))
    pictures.save(
        file,
        quality=result.quality,
        chroma=444,
        enc_params={"preset": "ultrafast"},
        icc_profile=pyvips.Operation.call("profile_load", "srgb"),
        exif=result.metadata.exif,
        xmp=result.metadata.xmp,
    )


def _encode_bmp(result: Result, file: BinaryIO) -> None:
    options = {"dpi": result.metadata.dpi} if result.metadata.dpi else {}
    Image.fromarray(result.pixels).save(file, "BMP", **options)
    # Pillow writes past the file object and does not notice a full disk.
    if os.fstat(file.fileno()).st_size < result.pixels.nbytes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


ENCODERS: Final[dict[FormatName, Encoder]] = {
    "JPEG": _encode_jpeg,
    "PNG": _vips_encoder("pngsave_target", filter="sub", compression=6),
    "WebP": _vips_encoder("webpsave_target", is_lossy=True, effort=2),
    "TIFF": _vips_encoder("tiffsave_target", compression="lzw", predictor="horizontal"),
    "AVIF": _vips_encoder(
        "heifsave_target", is_lossy=True, compression="av1", subsample_mode="off", effort=1
    ),
    "HEIC": _encode_heic,
    "BMP": _encode_bmp,
    "GIF": _vips_encoder("gifsave_target", has_profile=False, effort=3),
}


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
    exif = upright_exif(metadata.exif) if keep and metadata.exif else None
    if exif is None and metadata.dpi and written.name in RESOLUTION_IN_EXIF:
        exif = exif_of_dpi(metadata.dpi)
    if not keep:
        return Metadata(exif=exif, xmp=xmp_packet(provenance), dpi=metadata.dpi)
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
