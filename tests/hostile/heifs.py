"""HEIC and AVIF (ISO/IEC 23008-12 in ISO/IEC 14496-12): items of items of items."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.hostile import SIDE, NamedFiles, metadata
from tests.pictures import GRADIENT, encoded

TILE = 64
HEAD_BYTES = 8


def box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", len(content) + HEAD_BYTES) + kind + content


def full_box(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, bytes([version]), flags.to_bytes(3), *parts)


def boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position < len(content):
        size = int.from_bytes(content[position : position + 4])
        yield content[position + 4 : position + 8], content[position + 8 : position + size]
        position += size


def inner(content: bytes, *path: bytes) -> bytes:
    """What is in the first box of that path; `meta` has four bytes before its boxes."""
    for kind in path:
        content = next(found for name, found in boxes(content) if name == kind)
        content = content[4:] if kind == b"meta" else content
    return content


@dataclass(frozen=True)
class Codec:
    brand: bytes
    item: bytes
    configuration: bytes
    tile: bytes


def _codec(format_name: str, brand: bytes, item: bytes, name: bytes) -> Codec:
    """From a picture of one tile: how its decoder is set up, and its data."""
    whole = encoded(GRADIENT.resize((TILE, TILE)).convert("RGB"), format_name)
    configuration = box(name, inner(whole, b"meta", b"iprp", b"ipco", name))
    return Codec(brand, item, configuration, inner(whole, b"mdat"))


def _heic() -> Codec:
    return _codec("HEIF", b"heic", b"hvc1", b"hvcC")


def _avif() -> Codec:
    return _codec("AVIF", b"avif", b"av01", b"av1C")


@dataclass(frozen=True)
class Item:
    """One of a file. `references`: of a kind to items, numbered from 1."""

    kind: bytes
    data: bytes
    size: tuple[int, int] = (TILE, TILE)
    references: tuple[tuple[bytes, Sequence[int]], ...] = ()
    properties: tuple[bytes, ...] = field(default=())


def heif(brand: bytes, items: Sequence[Item], primary: int = 1) -> bytes:
    kinds = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    meta = _meta(items, primary, 0)
    meta = _meta(items, primary, len(kinds) + len(meta) + HEAD_BYTES)
    return kinds + meta + box(b"mdat", *(item.data for item in items))


def _meta(items: Sequence[Item], primary: int, start: int) -> bytes:
    numbered = list(enumerate(items, 1))
    infos = [
        full_box(
            b"infe",
            struct.pack(">IH", number, 0),
            item.kind,
            b"\0",
            version=3,
            flags=int(number != primary),
        )
        for number, item in numbered
    ]
    handler = full_box(b"hdlr", bytes(4), b"pict", bytes(13))
    return full_box(
        b"meta",
        handler,
        full_box(b"pitm", struct.pack(">I", primary), version=1),
        full_box(b"iinf", struct.pack(">I", len(infos)), *infos, version=1),
        full_box(b"iref", *_references(numbered), version=1),
        _properties(numbered),
        full_box(b"iloc", *_locations(numbered, start), version=2),
    )


def _references(numbered: Sequence[tuple[int, Item]]) -> Iterator[bytes]:
    for number, item in numbered:
        for kind, targets in item.references:
            head = struct.pack(">IH", number, len(targets))
            yield box(kind, head, struct.pack(f">{len(targets)}I", *targets))


def _properties(numbered: Sequence[tuple[int, Item]]) -> bytes:
    known: list[bytes] = []
    associations = b""
    for number, item in numbered:
        own = (full_box(b"ispe", struct.pack(">II", *item.size)), *item.properties)
        known += [each for each in own if each not in known]
        places = [known.index(each) + 1 for each in own]
        associations += struct.pack(f">IB{len(places)}H", number, len(places), *places)
    all_of = struct.pack(">I", len(numbered)) + associations
    return box(b"iprp", box(b"ipco", *known), full_box(b"ipma", all_of, version=1, flags=1))


def _locations(numbered: Sequence[tuple[int, Item]], start: int) -> Iterator[bytes]:
    yield struct.pack(">BBI", 0x44, 0x00, len(numbered))
    for number, item in numbered:
        yield struct.pack(">IHHHII", number, 0, 0, 1, start, len(item.data))
        start += len(item.data)


def grid(rows: int, columns: int, width: int, height: int) -> bytes:
    return struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)


def overlay(width: int, height: int, count: int) -> bytes:
    return struct.pack(">BB4HII", 0, 1, 0, 0, 0, 65535, width, height) + bytes(8 * count)


def files() -> NamedFiles:
    heic = _heic()
    for suffix, codec in (("heic", heic), ("avif", _avif())):
        for makers in (_items, _boxes):
            for name, content in makers(codec):
                yield f"{name}.{suffix}", content
    for name, exif in metadata.exifs():
        yield f"exif_{name}.heic", _with_metadata(heic, b"Exif", bytes(4) + exif)
    for name, profile in metadata.profiles():
        colors = box(b"colr", b"prof", profile)
        yield f"icc_{name}.heic", heif(b"heic", [_tile(heic, properties=(colors,))])


def _tile(
    codec: Codec,
    size: tuple[int, int] = (TILE, TILE),
    properties: tuple[bytes, ...] = (),
    references: tuple[tuple[bytes, Sequence[int]], ...] = (),
) -> Item:
    return Item(codec.item, codec.tile, size, references, (codec.configuration, *properties))


def _with_metadata(codec: Codec, kind: bytes, data: bytes) -> bytes:
    about = Item(kind, data, references=((b"cdsc", [1]),))
    return heif(codec.brand, [_tile(codec), about])


def _items(codec: Codec) -> NamedFiles:
    def made(items: Sequence[Item], primary: int = 1) -> bytes:
        return heif(codec.brand, items, primary)

    def grid_of(rows: int, columns: int, size: tuple[int, int], tiles: Sequence[int]) -> Item:
        return Item(b"grid", grid(rows, columns, *size), size, ((b"dimg", tiles),))

    def overlay_of(targets: Sequence[int], side: int = TILE) -> Item:
        data = overlay(side, side, len(targets))
        return Item(b"iovl", data, (side, side), ((b"dimg", targets),))

    tile = _tile(codec)
    yield "as_it_should_be", made([tile])
    yield "of_62_megapixels_told", made([_tile(codec, (SIDE, SIDE))])
    yield "of_4_gigapixels_told", made([_tile(codec, (65535, 65535))])
    yield "without_size", made([_tile(codec, (0, 0))])
    wide = 124 * TILE
    yield "of_a_tile_15376_times", made([grid_of(124, 124, (wide, wide), [2] * 15376), tile])
    yield "of_a_tile_65025_times", made([grid_of(255, 255, (16320, 16320), [2] * 65025), tile])
    yield "of_a_grid_in_itself", made([grid_of(2, 2, (128, 128), [1] * 4)])
    yield "of_a_grid_without_tiles", made([grid_of(124, 124, (wide, wide), [])])
    yield "of_a_grid_larger_than_its_tiles", made([grid_of(1, 1, (SIDE, SIDE), [2]), tile])
    grids = [grid_of(2, 2, (TILE, TILE), [number + 1] * 4) for number in range(1, 16)]
    yield "of_grids_in_grids", made([*grids, tile])
    yield "of_an_overlay_of_itself", made([overlay_of([1, 1])])
    layers = [overlay_of([number + 1] * 2) for number in range(1, 40)]
    yield "of_overlays_doubled_40_times", made([*layers, tile])
    yield "of_an_overlay_of_60000", made([overlay_of([2] * 60_000), tile])
    yield "of_an_overlay_of_62_megapixels", made([overlay_of([2], SIDE), tile])
    chain = [Item(b"iden", b"", references=((b"dimg", [number + 1]),)) for number in range(1, 2000)]
    yield "of_itself_2000_times", made([*chain, tile])
    yield "of_3000_items", made([tile] * 3000)
    yield "whose_thumbnail_is_itself", made([_tile(codec, references=((b"thmb", [1]),))])
    kind = full_box(b"auxC", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")
    alpha = _tile(codec, properties=(kind,), references=((b"auxl", [1]),))
    yield (
        "whose_alpha_is_a_grid_of_it",
        made(
            [
                tile,
                Item(
                    b"grid",
                    grid(2, 2, 128, 128),
                    (128, 128),
                    ((b"auxl", [1]), (b"dimg", [2] * 4)),
                    (kind,),
                ),
            ]
        ),
    )
    yield "of_1000_alphas", made([tile, *[alpha] * 1000])
    yield "of_a_primary_that_is_not_there", made([tile], primary=99)
    for name, numbers in {
        "zeros": [0] * 8,
        "minus": [2**32 - 1] * 8,
        "large": [2**31 - 1, 1] * 4,
    }.items():
        clap = box(b"clap", struct.pack(">8I", *numbers))
        yield f"cropped_to_{name}", made([_tile(codec, properties=(clap,))])
    turns = tuple(box(b"irot", bytes([turn])) for turn in range(4)) * 60
    yield "turned_240_times", made([_tile(codec, properties=turns)])


def _boxes(codec: Codec) -> NamedFiles:
    whole = heif(codec.brand, [_tile(codec)])
    kinds, rest = whole[:24], whole[24:]
    nested = b"".join(struct.pack(">I4sI", 12 * (20_000 - n), b"meta", 0) for n in range(20_000))
    yield "of_boxes_in_boxes", kinds + nested
    yield "of_a_box_of_size_0", kinds + struct.pack(">I4s", 0, b"meta") + rest[8:]
    yield "of_a_box_of_size_1", kinds + struct.pack(">I4s", 1, b"meta") + rest[8:]
    yield "of_a_box_of_2_to_the_63", kinds + struct.pack(">I4sQ", 1, b"meta", 2**63) + rest[8:]
    yield "of_100000_free_boxes", kinds + box(b"free") * 100_000 + rest
    yield "of_a_million_brands", box(b"ftyp", codec.brand, bytes(4), codec.brand * 250_000) + rest
    yield (
        "of_4_billion_items",
        whole.replace(b"iinf\1\0\0\0\0\0\0\1", b"iinf\1\0\0\0\xff\xff\xff\xff"),
    )
    yield "of_4_billion_places", whole.replace(b"\x44\0\0\0\0\1", b"\x44\0\xff\xff\xff\xff")
    yield "of_data_beyond", whole.replace(struct.pack(">I", len(codec.tile)) + b"\0\0", b"\xff" * 6)
    yield "whose_data_are_zeros", whole.replace(codec.tile, bytes(len(codec.tile)))
    yield (
        "whose_data_are_noise",
        whole[: -len(codec.tile)] + bytes(n * 7 % 256 for n in range(len(codec.tile))),
    )
    yield (
        "whose_set_up_is_zeros",
        whole.replace(codec.configuration[8:], bytes(len(codec.configuration) - 8)),
    )
    for percent in (10, 50, 90):
        yield f"cut_at_{percent}_percent", whole[: len(whole) * percent // 100]


def files_of_tiles() -> tuple[bytes, bytes]:
    """A grid of two tiles in AVIF and in HEIC, as phones write it."""
    size = (2 * TILE, TILE)
    shape = Item(b"grid", grid(1, 2, *size), size, ((b"dimg", [2, 3]),))
    avif, heic = (heif(codec.brand, [shape, *[_tile(codec)] * 2]) for codec in (_avif(), _heic()))
    return avif, heic
