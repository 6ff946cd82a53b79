"""Sources are left out by their licenses; where a picture came from is known in shards of shards."""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from colorizer.shards import ShardError
from colorizer.training.__main__ import main
from colorizer.training.preparing import prepare
from colorizer.training.preparing.licenses import (
    ANY_LICENSE,
    LicenseError,
    Licenses,
    read_licenses,
)

pytestmark = pytest.mark.slow

LICENSES = """\
photos/astronaut\tCC0-1.0
photos/animals\tnone stated
photos/animals/mine.png\tMIT

photos/coffee.png\tresearch only
"""
PICTURES = {
    "photos/animals/chelsea.png": "chelsea",
    "photos/animals/mine.png": "rocket",
    "photos/astronaut/a.png": "astronaut",
    "photos/coffee.png": "coffee",
}


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Photographs of four sources, below the working directory."""
    monkeypatch.chdir(tmp_path)
    for name, photo in PICTURES.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(getattr(data, photo)()).save(name)
    Path("licenses.tsv").write_text(LICENSES)
    return Path("photos")


def prepared(source: Path, out: str, licenses: Licenses = ANY_LICENSE) -> list[str]:
    summary = prepare([source], Path(out), side=224, validation_share=0, jobs=1, licenses=licenses)
    return summary.splitlines()


def manifest(out: str) -> list[list[str]]:
    lines = Path(out, "MANIFEST.tsv").read_text().splitlines()
    return sorted(line.split("\t") for line in lines)


def sources(out: str) -> list[str]:
    return sorted(row[1] for row in manifest(out))


def test_licenses_are_left_out_and_counted(photos: Path) -> None:
    licenses = read_licenses(Path("licenses.tsv"), leave_out=["none stated", "research only"])
    assert prepared(photos, "out", licenses)[:6] == [
        "kept: 2 (train 2, validation 0)",
        "  CC0-1.0: 1",
        "  MIT: 1",
        "left out: 2",
        "  by license: 2",
        "    none stated: 1",
    ]
    assert sources("out") == ["photos/animals/mine.png", "photos/astronaut/a.png"]


def test_only_some_licenses_are_kept(photos: Path) -> None:
    prepared(photos, "out", read_licenses(Path("licenses.tsv"), only=["CC0-1.0"]))
    assert sources("out") == ["photos/astronaut/a.png"]


def test_a_copy_in_a_permitted_source_is_kept(photos: Path) -> None:
    Image.fromarray(data.coffee()).save("photos/animals/copy.png")
    prepared(photos, "all")
    assert "photos/animals/copy.png" in sources("all")
    assert "photos/coffee.png" not in sources("all")
    prepared(photos, "some", read_licenses(Path("licenses.tsv"), leave_out=["none stated"]))
    assert "photos/coffee.png" in sources("some")


def test_shards_of_shards_carry_the_first_sources_on(photos: Path) -> None:
    prepared(photos, "first")
    licenses = read_licenses(Path("licenses.tsv"), leave_out=["none stated"])
    prepared(Path("first/train-000.tar"), "second", licenses)
    assert sources("second") == [name for name in sorted(PICTURES) if "chelsea" not in name]
    prepared(Path("second/train-000.tar"), "third")
    assert sources("third") == sources("second")


def test_a_source_may_stand_in_two_columns_of_a_manifest(photos: Path) -> None:
    with tarfile.open("train-000.tar", "w") as tar:
        tar.add("photos/coffee.png", "kitchen/1.png")
        tar.add("photos/astronaut/a.png", "other/1.png")
    Path("MANIFEST.tsv").write_text("kitchen/1.png\tsomebody/cups\tred/cup.png\t600\t400\ttrain\n")
    prepared(Path("train-000.tar"), "out")
    assert sources("out") == ["somebody/cups/red/cup.png", "train-000.tar/other/1.png"]


@pytest.mark.parametrize("line", ["a.png", "a.png\t600\t400\ttrain", ""])
def test_a_malformed_manifest_is_refused_by_line(line: str, photos: Path) -> None:
    with tarfile.open("train-000.tar", "w") as tar:
        tar.add("photos/coffee.png", "a.png")
    Path("MANIFEST.tsv").write_text(f"b.png\tsomebody/cups\t600\t400\ttrain\n{line}\n")
    with pytest.raises(ShardError, match=r"^MANIFEST\.tsv, line 2: expected a member"):
        prepared(Path("train-000.tar"), "out")
    assert not Path("out").exists()


def test_a_source_without_a_license_is_named_before_any_work(photos: Path) -> None:
    Path("few.tsv").write_text("photos/animals\tnone stated\n")
    with pytest.raises(LicenseError, match=r"no line for photos/astronaut/a\.png \(2 such"):
        prepared(photos, "out", read_licenses(Path("few.tsv")))
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\tMIT\nb MIT\n", "line 2: expected a source, a tab and its license"),
        (b"a\tMIT\tCC0\n", "line 1: expected"),
        (b"a\t \n", "line 1: expected"),
        (b"a\tMIT\n\na/\tCC0\n", "line 3: a has a license already"),
        (b"\n", "names no source"),
        (b"caf\xe9\tMIT\n", "is not UTF-8"),
    ],
)
def test_a_malformed_file_is_refused_by_line(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "licenses.tsv").write_bytes(content)
    with pytest.raises(LicenseError, match=message):
        read_licenses(tmp_path / "licenses.tsv")


def test_an_unknown_license_is_named_beside_the_known_ones(photos: Path) -> None:
    with pytest.raises(LicenseError, match=r"of license GPL, only of CC0-1.0, MIT, none stated"):
        read_licenses(Path("licenses.tsv"), only=["MIT", "GPL"])


def test_the_command_takes_licenses(
    photos: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--leave-out-license", "MIT", "--leave-out-license", "none stated"]
    command = ["training", "prepare", *options, "photos", "out", "--jobs", "1"]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit, match="--licenses FILE"):
        main()
    monkeypatch.setattr(sys, "argv", [*command, "--licenses", "licenses.tsv"])
    main()
    assert "    MIT: 1\n    none stated: 1\n" in capsys.readouterr().out
    assert sources("out") == ["photos/astronaut/a.png", "photos/coffee.png"]
