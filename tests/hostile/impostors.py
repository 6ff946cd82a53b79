"""What is no picture of ours, whatever it is called; and each format's first bytes with nothing good behind them."""

from __future__ import annotations

import gzip
import random
import zipfile
from io import BytesIO

from tests.hostile import NamedFiles
from tests.pictures import GRADIENT, encoded

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">%s</svg>'
LAUGHS = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
FORMATS_OF_PILLOW = ("ICO", "JPEG2000", "PPM", "TGA", "SGI", "PCX", "EPS", "ICNS", "DDS")

STARTS = {
    "jpeg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
    "tiff": b"II*\0",
    "tiff_of_other_order": b"MM\0*",
    "bigtiff": b"MM\0+\0\x08\0\0",
    "webp": b"RIFF\0\x10\0\0WEBPVP8 ",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "avif": b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
    "sequence": b"\0\0\0\x18ftypavis\0\0\0\0msf1avis",
    "bmp": b"BM\0\x10\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0",
    "gif": b"GIF89a",
}


def files() -> NamedFiles:
    yield "empty.jpg", b""
    yield "of_one_byte.jpg", b"\xff"
    yield "text.jpg", b"Dear diary"
    yield "zeros.jpg", bytes(100_000)
    yield "svg_with_script.jpg", SVG % b"<script>alert(1)</script>"
    yield "svg_of_entities.jpg", b"<!DOCTYPE svg [%s]>" % LAUGHS + SVG % b"&a11;"
    yield "svg_in_gzip.jpg", gzip.compress(SVG % b"", mtime=0)
    yield "executable.jpg", b"MZ\x90\0" + bytes(2000)
    yield (
        "script_of_imagemagick.jpg",
        b"push graphic-context\nfill 'url(https://localhost/\"|id\")'\n",
    )
    yield "page.jpg", b"<!doctype html><script>alert(1)</script>"
    yield "postscript.jpg", b"%!PS\n(/etc/passwd) (r) file"
    yield "zip.jpg", _zipped()
    yield "jpeg_xl.jpg", b"\xff\x0a" + bytes(500)
    yield "photoshop.jpg", b"8BPS\0\1" + bytes(500)
    yield "exr.jpg", b"\x76\x2f\x31\x01" + bytes(500)
    yield "matlab.jpg", b"MATLAB 5.0 MAT-file".ljust(128) + bytes(500)
    yield "of_nifti_or_analyze.jpg", (348).to_bytes(4, "little") + bytes(344)
    yield "openslide.jpg", b"[GENERAL]\nHAMAMATSU"
    for name in FORMATS_OF_PILLOW:
        yield f"{name.lower()}.jpg", encoded(GRADIENT.resize((64, 64)).convert("RGB"), name)
    chance = random.Random(17)  # noqa: S311  (the same files each time)
    for name, start in STARTS.items():
        yield f"start_of_{name}", start
        yield f"start_of_{name}_then_zeros", start + bytes(4000)
        yield f"start_of_{name}_then_noise", start + chance.randbytes(4000)


def _zipped() -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), "x")
    return content.getvalue()
