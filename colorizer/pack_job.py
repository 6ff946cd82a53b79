"""Makes packs: pictures in a zip file that is not compressed, so that each can be served out of it. Workers only."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, cast

import torch
from PIL import Image

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.imageio.derivatives import reduced_jpeg
from colorizer.engine.imageio.reading import Picture, read_picture
from colorizer.engine.imageio.tiles import write_tiles
from colorizer.engine.variants import Variant
from colorizer.handler import MODELS, errors_named
from colorizer.models import PicturePack
from colorizer.packs import STYLES, TILE_OVERLAP, TILE_SIDE, Style
from colorizer.weights_store.choice import choose, sha256_of
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from jobs.lease import Lease

PREVIEW_SIDE: Final = 480
PREVIEW_QUALITY: Final = 82
# Of the header before each member: fixed bytes, and where the lengths of its name and extra field are.
HEADER_BYTES: Final = 30
NAME_LENGTH: Final = slice(26, 28)
EXTRA_LENGTH: Final = slice(28, 30)


def run_tiles(lease: Lease) -> None:
    pack = _pack_of(lease)
    with errors_named(), temporary_folder() as folder:
        picture = _read(pack.picture, folder)
        lease.report_progress(30)
        path = folder / "pack.zip"
        write_tiles(picture, path, TILE_SIDE, TILE_OVERLAP)
        lease.report_progress(90)
        _store(pack, lease, path)


def run_styles(lease: Lease) -> None:
    pack = _pack_of(lease)
    with errors_named(), temporary_folder() as folder:
        small = Image.open(BytesIO(reduced_jpeg(_read(_display(pack), folder), PREVIEW_SIDE)))
        small.load()
        path = folder / "pack.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
            for number, (name, preview) in enumerate(_previews(small), start=1):
                file.writestr(name, preview)
                lease.report_progress(100 * number // (len(STYLES) + 1))
        _store(pack, lease, path)


def _previews(small: Image.Image) -> Iterable[tuple[str, bytes]]:
    """By name. The networks share the cores: small pictures keep one core busy, and several badly."""
    groups = [
        (_colorizer_of(cast("Variant", variant)), [*styles])
        for variant, styles in groupby(STYLES, key=attrgetter("variant"))
    ]
    threads = torch.get_num_threads()
    own = max(1, threads // len(groups))
    at_once = min(len(groups), threads)
    with ThreadPoolExecutor(at_once, initializer=torch.set_num_threads, initargs=(own,)) as pool:
        for previews in pool.map(lambda group: _colored(small, *group), groups):
            yield from previews


def _colored(
    small: Image.Image, colorizer: Colorizer, styles: Iterable[Style]
) -> list[tuple[str, bytes]]:
    return [(style.name, _webp(colorizer.colorize(small, style.render_factor))) for style in styles]


def _pack_of(lease: Lease) -> PicturePack:
    return PicturePack.objects.select_related("picture__owner").get(job=lease.job)


def _display(pack: PicturePack) -> StoredFile:
    """Of a large photo it is read in a moment, and holds all that a preview needs."""
    return pack.picture.derivatives.get(purpose=StoredFile.Purpose.DISPLAY)


def _read(file: StoredFile, folder: Path) -> Picture:
    source = folder / "source"
    filestore.copy_to(file, source)
    return read_picture(source)


def _colorizer_of(variant: Variant) -> Colorizer:
    choice = choose(variant)
    return MODELS.get(choice.path, sha256_of(choice))


def _webp(picture: Image.Image) -> bytes:
    content = BytesIO()
    picture.save(content, "WEBP", quality=PREVIEW_QUALITY)
    return content.getvalue()


def _store(pack: PicturePack, lease: Lease, path: Path) -> None:
    members = members_of(path)
    with filestore.new_files() as files:
        stored = files.add(
            pack.picture.owner,
            StoredFile.Purpose.PACK,
            path,
            suffix=".zip",
            content_type="application/zip",
        )
        with lease.success():
            files.save()
            PicturePack.objects.filter(pk=pack.pk).update(file=stored, members=members)


def members_of(path: Path) -> dict[str, list[int]]:
    """Where the bytes of each picture are: offset and number, by its name without folders of libvips's own."""
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        return dict(_places(archive.infolist(), file))


def _places(infos: Iterable[zipfile.ZipInfo], file: Any) -> Iterable[tuple[str, list[int]]]:
    for info in infos:
        name = _short(info.filename)
        if not name:
            continue
        file.seek(info.header_offset)
        header = file.read(HEADER_BYTES)
        lengths = [int.from_bytes(header[part], "little") for part in (NAME_LENGTH, EXTRA_LENGTH)]
        yield name, [info.header_offset + HEADER_BYTES + sum(lengths), info.file_size]


def _short(name: str) -> str:
    """The tile "pack_files/12/3_4.jpeg" is "12/3_4"; what libvips adds beside tiles has no name."""
    if "/" not in name:
        return "" if name.endswith(".dzi") else name
    *_, level, tile = name.split("/")
    return f"{level}/{Path(tile).stem}" if level.isdigit() else ""
