"""Photographs of any source become shards: what is kept, what is left out, and how it is split."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageEnhance, ImageOps
from skimage import data

from colorizer.shards import ShardError
from colorizer.training.preparing import prepare
from colorizer.training.preparing.duplicates import PictureHashes, perceptual_hash
from colorizer.training.preparing.sources import Candidate, candidates
from colorizer.training.preparing.standardizing import Photograph, Reason, Rejected, standardized
from colorizer.training.preparing.writing import (
    SHARD_BYTES,
    Entry,
    PrepareError,
    in_shards,
    split_of,
)
from tests import ROOT

pytestmark = pytest.mark.slow

SEPIA = ((20, 10, 0), (255, 240, 200))


@pytest.fixture(scope="module")
def photos() -> dict[str, Image.Image]:
    names = ("astronaut", "coffee", "chelsea", "rocket")
    return {name: Image.fromarray(getattr(data, name)()) for name in names}


def encoded(picture: Image.Image, picture_format: str = "JPEG", **options: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, picture_format, **options)
    return content.getvalue()


def standardized_photo(content: bytes, side: int = 224) -> Image.Image:
    outcome = standardized(Candidate("a.jpg", content), side)
    assert isinstance(outcome, Photograph)
    picture = Image.open(io.BytesIO(outcome.jpeg))
    assert picture.size == (outcome.width, outcome.height)
    return picture


def reason_of(content: bytes) -> Reason | None:
    outcome = standardized(Candidate("a.jpg", content), 224)
    return outcome.reason if isinstance(outcome, Rejected) else None


def prepared(source: Path, out: Path, jobs: int = 1, validation_share: float = 0.5) -> str:
    return prepare([source], out, side=224, validation_share=validation_share, jobs=jobs)


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "colorizer.training", "prepare", *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture
def folder(photos: dict[str, Image.Image], tmp_path: Path) -> Path:
    """An ImageFolder tree of four good photographs, and one of each kind that is left out."""
    root = tmp_path / "photos"
    (root / "good").mkdir(parents=True)
    (root / "other").mkdir()
    for name, photo in photos.items():
        photo.save(root / "good" / f"{name}.PNG")
    gray = photos["coffee"].convert("L")
    gray.save(root / "other/gray.jpg")
    ImageOps.colorize(gray, *SEPIA).save(root / "other/sepia.jpg")
    photos["coffee"].resize((200, 150)).save(root / "other/small.jpg")
    ImageOps.mirror(photos["chelsea"]).save(root / "other/mirrored.jpg", quality=60)
    (root / "other/torn.jpg").write_bytes(encoded(photos["rocket"])[:9000])
    (root / "other/notes.txt").write_text("no picture")
    (root / "other/.hidden.jpg").write_text("no picture")
    return root


def test_good_photographs_become_shards_and_the_rest_is_counted(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    lines = prepared(folder, out).splitlines()
    assert lines[0].startswith("kept: 4 (")
    assert [line.strip() for line in lines[1:]] == [
        "left out: 5",
        "by license: 0",
        "exact or near duplicates: 1",
        "nearly gray: 1",
        "of a single tint: 1",
        "shorter side under 160 pixels: 1",
        "broken: 1",
        lines[-1].strip(),
    ]
    assert "torn.jpg: " in lines[-1]
    rows = [line.split("\t") for line in (out / "MANIFEST.tsv").read_text().splitlines()]
    assert {Path(row[1]).name for row in rows} == {
        "astronaut.PNG",
        "coffee.PNG",
        "chelsea.PNG",
        "rocket.PNG",
    }
    for member, _, width, height, split in rows:
        with tarfile.open(out / f"{split}-000.tar") as tar:
            content = tar.extractfile(member)
            assert content is not None
            with Image.open(content) as picture:
                assert picture.size == (int(width), int(height))


def test_the_output_is_the_same_with_any_number_of_jobs(folder: Path, tmp_path: Path) -> None:
    for jobs in (1, 3):
        prepared(folder, tmp_path / f"out{jobs}", jobs)
    one, three = (
        {path.name: path.read_bytes() for path in (tmp_path / f"out{jobs}").iterdir()}
        for jobs in (1, 3)
    )
    assert one == three
    assert any(name.endswith(".tar") for name in one)


def test_a_folder_that_holds_something_is_not_written_into(folder: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(PrepareError, match="is not empty"):
        prepared(folder / "good", folder)
    assert sorted(tmp_path.rglob("*")) == before


def test_nothing_remains_when_no_picture_is_left(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PrepareError, match=r"Nothing is left to train on(.|\n)*nearly gray: 1"):
        prepared(folder / "other/gray.jpg", tmp_path / "out")
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("name", ["missing", "missing.jpg", "missing.tar"])
def test_a_missing_source_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=name):
        prepared(tmp_path / name, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["cut.tar", "cut.tar.gz", "cut.zip"])
def test_a_damaged_archive_is_named_before_any_work(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ShardError, match=name):
        prepared(tmp_path / name, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [tmp_path / name]


@pytest.mark.parametrize("damage", ["encrypted", "unknown method", "zeros"])
def test_a_zip_that_cannot_be_unpacked_is_named(
    damage: str, photos: dict[str, Image.Image], tmp_path: Path
) -> None:
    archive = tmp_path / "photos.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("photo.bmp", encoded(photos["coffee"], "BMP"))
    content = bytearray(archive.read_bytes())
    local, central = content.index(b"PK\3\4"), content.index(b"PK\1\2")
    match damage:
        case "encrypted":
            content[local + 6] |= 1
            content[central + 8] |= 1
        case "unknown method":
            content[local + 8] = content[central + 10] = 98
        case _:
            content[100:5000] = bytes(4900)
    archive.write_bytes(content)
    with pytest.raises(ShardError, match=r"photos\.zip cannot be unpacked"):
        prepared(archive, tmp_path / "out")
    assert [*tmp_path.iterdir()] == [archive]


def test_a_link_out_of_an_archive_is_passed_over_as_in_a_folder(
    photos: dict[str, Image.Image], tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(encoded(photos["coffee"]))
    (tmp_path / "b.jpg").symlink_to("elsewhere/b.jpg")
    with tarfile.open(tmp_path / "photos.tar", "w") as archive:
        for name in ("a.jpg", "b.jpg"):
            archive.add(tmp_path / name, name)
    assert len([*candidates([tmp_path / "photos.tar"])]) == 1


def test_shards_are_written_where_a_link_leads(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "disk" / "data").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "data")
    prepared(folder, tmp_path / "link")
    assert (tmp_path / "disk" / "data" / "MANIFEST.tsv").is_file()
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["data"]


def test_errors_of_the_command_are_one_line(tmp_path: Path) -> None:
    process = start(tmp_path / "missing.tar", tmp_path / "out")
    _, error = process.communicate(timeout=120)
    assert process.returncode == 1
    assert len(error.splitlines()) == 1
    assert "missing.tar" in error


def test_nothing_remains_of_a_run_that_is_stopped(folder: Path, tmp_path: Path) -> None:
    (folder / "0.jpg").write_bytes(encoded(Image.new("RGB", (1500, 1500), "teal")))
    for number in range(1, 10_000):  # more than are prepared before the signal comes
        (folder / f"{number}.jpg").hardlink_to(folder / "0.jpg")
    process = start(folder, tmp_path / "out", "--jobs", 2)
    while not list(tmp_path.glob(".out.unfinished-*")) and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == [folder]


def test_archives_folders_and_pictures_are_sources(
    photos: dict[str, Image.Image], tmp_path: Path
) -> None:
    content = encoded(photos["coffee"])
    (tmp_path / "folder/class").mkdir(parents=True)
    single = tmp_path / "folder/class/a.JPEG"
    single.write_bytes(content)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("in/a.jpg", content)
        archive.writestr("__MACOSX/._a.jpg", b"no picture")
    for name, mode in (("a.tar", "w"), ("a.tar.gz", "w:gz")):
        with tarfile.open(tmp_path / name, mode) as tar:  # type: ignore[call-overload]
            tar.add(single, "./a.jpg")
    names = ("folder", "a.zip", "a.tar", "a.tar.gz", "folder/class/a.JPEG")
    found = list(candidates([tmp_path / name for name in names]))
    contents = [c.read_bytes() if isinstance(c, Path) else c for _, c in found]
    assert contents == [content] * 5
    assert [c.source.removeprefix(f"{tmp_path}/") for c in found] == [
        "folder/class/a.JPEG",
        "a.zip/in/a.jpg",
        "a.tar/./a.jpg",
        "a.tar.gz/./a.jpg",
        "folder/class/a.JPEG",
    ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1200, 900), (299, 224)),
        ((900, 1200), (224, 299)),
        ((1000, 300), (352, 224)),
        ((500, 190), (352, 190)),
        ((160, 160), (160, 160)),
    ],
)
def test_the_shorter_side_is_shrunk_and_the_longer_one_cropped(
    size: tuple[int, int], expected: tuple[int, int], photos: dict[str, Image.Image]
) -> None:
    assert standardized_photo(encoded(photos["coffee"].resize(size))).size == expected


def test_pictures_are_turned_upright_and_lose_their_metadata(
    photos: dict[str, Image.Image],
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    turned = photos["coffee"].transpose(Image.Transpose.ROTATE_90)
    picture = standardized_photo(encoded(turned, exif=exif, comment="mine", quality=95))
    upright = standardized_photo(encoded(photos["coffee"], quality=95))
    assert not picture.getexif()
    assert "comment" not in picture.info
    difference = np.asarray(picture, dtype=float) - np.asarray(upright, dtype=float)
    assert np.abs(difference).mean() < 2


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_color_profiles_are_converted(mode: str, photos: dict[str, Image.Image]) -> None:
    """In a profile with the names of its primaries exchanged, red stands for green."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = srgb.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")
    red, green, blue = photos["coffee"].split()
    content = encoded(
        Image.merge("RGB", (green, red, blue)).convert(mode), "PNG", icc_profile=exchanged
    )
    expected = standardized_photo(encoded(photos["coffee"], "PNG"))
    difference = np.asarray(standardized_photo(content), float) - np.asarray(expected, float)
    assert np.abs(difference).mean() < 2


def test_an_unusable_color_profile_is_ignored(photos: dict[str, Image.Image]) -> None:
    picture = standardized_photo(encoded(photos["coffee"], icc_profile=b"nonsense"))
    assert np.abs(np.asarray(picture, dtype=float).mean(axis=(0, 1)) - 128).max() > 10
    assert "icc_profile" not in picture.info


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "rocket"])
@pytest.mark.parametrize("quality", [50, 95])
def test_gray_and_toned_copies_are_told_from_photographs(
    name: str, quality: int, photos: dict[str, Image.Image]
) -> None:
    photo = photos[name]
    toned = ImageOps.colorize(photo.convert("L"), *SEPIA, mid=(140, 105, 70))
    pale = ImageEnhance.Color(photo).enhance(0.02)
    assert reason_of(encoded(photo, quality=quality)) is None
    assert reason_of(encoded(photo.convert("L"), quality=quality)) is Reason.GRAY
    assert reason_of(encoded(pale, quality=quality)) is Reason.GRAY
    assert reason_of(encoded(toned, quality=quality)) is Reason.TINTED


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0 only a start"])
def test_what_is_no_picture_is_broken(content: bytes) -> None:
    assert reason_of(content) is Reason.BROKEN


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda p: p.resize((p.width // 2, p.height // 2)), id="smaller"),
        pytest.param(ImageOps.mirror, id="mirrored"),
        pytest.param(lambda p: ImageEnhance.Brightness(p).enhance(0.8), id="darker"),
        pytest.param(lambda p: Image.open(io.BytesIO(encoded(p, quality=20))), id="jpeg"),
    ],
)
def test_copies_are_near_duplicates(changed: object, photos: dict[str, Image.Image]) -> None:
    assert callable(changed)
    hashes = PictureHashes()
    assert all(hashes.add(perceptual_hash(photo)) for photo in photos.values())
    assert not any(hashes.add(perceptual_hash(changed(photo))) for photo in photos.values())


def test_the_mirrored_hash_is_that_of_the_mirror_image(photos: dict[str, Image.Image]) -> None:
    for photo in photos.values():
        upright, mirrored = perceptual_hash(photo).upright, perceptual_hash(photo).mirrored
        of_mirror = perceptual_hash(ImageOps.mirror(photo)).upright
        assert (mirrored ^ of_mirror).bit_count() <= 2
        assert (upright ^ of_mirror).bit_count() > 9


def test_thousands_of_different_hashes_are_kept_and_found_again() -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (3000, 32, 32), dtype=np.uint8)
    hashes = PictureHashes()
    kept = [perceptual_hash(Image.fromarray(picture)) for picture in pictures]
    assert sum(hashes.add(new) for new in kept) >= 2995
    assert not any(hashes.add(new) for new in kept)


def test_a_digest_alone_decides_the_side() -> None:
    assert split_of("0" * 64, 0.04) == "validation"
    assert split_of("f" * 64, 0.04) == "train"
    assert split_of("0" * 64, 0) == "train"
    digests = [f"{number:02x}" + "0" * 62 for number in range(256)]
    assert sum(split_of(digest, 0.25) == "validation" for digest in digests) == 64


def test_shards_stay_under_their_size_and_lose_nothing() -> None:
    entries = [
        Entry(f"{number:064x}", "a", 1, 1, "train", 0, length)
        for number, length in enumerate([SHARD_BYTES // 3] * 5 + [2 * SHARD_BYTES, 10])
    ]
    shards = list(in_shards(entries))
    assert [len(shard) for shard in shards] == [2, 2, 1, 1, 1]
    assert [entry for shard in shards for entry in shard] == entries
