"""Packs as a worker makes them: tiles that fit together, and previews of the picture itself."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from colorizer import packs
from colorizer.models import PicturePack
from filestore import services as filestore
from jobs import kinds, transitions
from jobs.errors import JobFailedError
from jobs.lease import Lease
from jobs.models import Queue
from tests.factories import damage, make_photo, picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)
Content = PicturePack.Content


def make(content: Content, picture: bytes) -> dict[str, Image.Image]:
    """What comes out, picture by picture, read as it is served: by offset and length."""
    pack = packs.request(make_photo(content=picture).original, content)
    job = transitions.claim_next(Queue.PHOTOS)
    assert job == pack.job
    with Lease(job) as lease:
        kinds.get(job.kind).run(lease)
    pack.refresh_from_db()
    assert pack.file
    raw = filestore.open(pack.file).read()
    return {
        name: Image.open(BytesIO(raw[start : start + length]))
        for name, (start, length) in pack.members.items()
    }


def test_tiles_are_a_pyramid_whose_last_level_is_the_whole_picture() -> None:
    tiles = make(Content.TILES, picture_bytes(1100, 700))
    highest = max(int(name.split("/")[0]) for name in tiles)
    assert highest == 11  # the first power of two that is not smaller than 1100
    last = {name.split("/")[1]: tile for name, tile in tiles.items() if name.startswith("11/")}
    assert set(last) == {f"{x}_{y}" for x in range(3) for y in range(2)}
    # 512 pixels, and one more of each neighbor.
    assert last["0_0"].size == (513, 513)
    assert last["1_0"].size == (514, 513)
    assert last["2_1"].size == (1100 - 1024 + 1, 700 - 512 + 1)
    assert last["0_0"].mode == "L"
    assert tiles["0/0_0"].size == (1, 1)


def test_previews_are_of_the_picture_in_each_style_and_in_color() -> None:
    previews = make(Content.STYLES, picture_bytes(600, 400))
    assert list(previews) == [style.name for style in packs.STYLES]
    for preview in previews.values():
        assert (preview.format, preview.mode, preview.size) == ("WEBP", "RGB", (480, 320))


def test_a_picture_that_became_unreadable_fails_and_leaves_nothing() -> None:
    photo = make_photo(content=picture_bytes(600, 400))
    damage(photo.original)
    pack = packs.request(photo.original, Content.TILES)
    job = transitions.claim_next(Queue.PHOTOS)
    assert job
    with pytest.raises(JobFailedError), Lease(job) as lease:
        kinds.get(job.kind).run(lease)
    pack.refresh_from_db()
    assert (pack.file, pack.members) == (None, {})
