"""Which pictures a run takes, where its results go, and what it refuses before any work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from colorizer.batch.plan import PlanError, plan_run
from colorizer.engine import SaveOptions, UnsupportedFormatError


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Nothing here is opened: names are all that a plan looks at."""
    for name in ("b.jpg", "A.PNG", "notes.txt", ".hidden.jpg", "1950/c.tif", ".thumbs/d.jpg"):
        path = tmp_path / "album" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "album"


def targets(source: Path, destination: Path, **options: object) -> list[str]:
    plan = plan_run(source, destination, SaveOptions(), **options)  # type: ignore[arg-type]
    return [str(task.target.relative_to(destination)) for task in plan.tasks]


def test_a_folders_own_pictures_are_taken(album: Path, tmp_path: Path) -> None:
    assert targets(album, tmp_path / "out") == ["A.PNG", "b.jpg"]


def test_recursion_mirrors_the_tree_without_hidden_folders(album: Path, tmp_path: Path) -> None:
    assert targets(album, tmp_path / "out", recursive=True) == ["A.PNG", "b.jpg", "1950/c.tif"]


def test_results_inside_the_source_are_not_taken_for_pictures(album: Path) -> None:
    (album / "out" / "1950").mkdir(parents=True)
    (album / "out" / "1950" / "c.tif").touch()
    assert targets(album, album / "out", recursive=True) == ["A.PNG", "b.jpg", "1950/c.tif"]


def test_links_that_lead_out_of_the_tree_are_left_alone(album: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "e.jpg").touch()
    (album / "folder").symlink_to(tmp_path / "elsewhere")
    (album / "picture.jpg").symlink_to(tmp_path / "elsewhere" / "e.jpg")
    (album / "inside.jpg").symlink_to(album / "b.jpg")
    (album / "round").symlink_to(album)

    plan = plan_run(album, tmp_path / "out", SaveOptions(), recursive=True)

    assert plan.links_out == [album / "folder", album / "picture.jpg"]
    assert [task.source.name for task in plan.tasks] == ["A.PNG", "b.jpg", "inside.jpg", "c.tif"]


def test_a_format_renames_all_results(album: Path, tmp_path: Path) -> None:
    assert targets(album, tmp_path / "out", suffix=".webp") == ["A.webp", "b.webp"]


@pytest.mark.parametrize("suffix", [None, ".jpg"])
def test_what_is_there_is_not_waiting(album: Path, tmp_path: Path, suffix: str | None) -> None:
    (tmp_path / "out" / "A.PNG").mkdir(parents=True)  # a folder is no result
    (tmp_path / "out" / "b.jpg").touch()
    plan = plan_run(album, tmp_path / "out", SaveOptions(), suffix=suffix)
    assert [task.source.name for task in plan.waiting()] == ["A.PNG"]


@pytest.mark.parametrize(
    ("destination", "suffix", "expected"),
    [
        ("color.webp", None, "color.webp"),
        ("color.webp", ".webp", "color.webp"),
        ("folder", None, "folder/b.jpg"),
        ("folder", ".png", "folder/b.png"),
    ],
)
def test_a_single_picture_goes_into_a_folder_or_under_a_name(
    album: Path, tmp_path: Path, destination: str, suffix: str | None, expected: str
) -> None:
    plan = plan_run(album / "b.jpg", tmp_path / destination, SaveOptions(), suffix=suffix)
    assert [task.target for task in plan.tasks] == [tmp_path / expected]


def test_two_results_of_one_name_are_refused(album: Path, tmp_path: Path) -> None:
    (album / "A.jpg").touch()
    with pytest.raises(PlanError, match=r"A.PNG and .*A.jpg would both become .*A\.png"):
        plan_run(album, tmp_path / "out", SaveOptions(), suffix=".png")


def test_a_result_that_would_be_an_original_is_refused(album: Path, tmp_path: Path) -> None:
    (album / "album").mkdir()
    (album / "album" / "b.jpg").touch()
    with pytest.raises(PlanError, match=r"b\.jpg is itself a picture to colorize"):
        plan_run(album, tmp_path, SaveOptions(), recursive=True)


def test_a_picture_is_not_its_own_result(album: Path) -> None:
    with pytest.raises(PlanError, match="itself a picture to colorize"):
        plan_run(album / "b.jpg", album, SaveOptions())


def test_a_format_that_contradicts_the_name_is_refused(album: Path, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"DEST ends in \.png, --format says \.jpg"):
        plan_run(album / "b.jpg", tmp_path / "out.png", SaveOptions(), suffix=".jpg")


def test_a_format_that_cannot_be_written_is_refused(album: Path, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormatError, match=r"'\.svg'"):
        plan_run(album, tmp_path / "out", SaveOptions(), suffix=".svg")


def test_bits_that_a_format_has_not_are_refused(album: Path, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormatError, match="JPEG has no 16 bits a channel"):
        plan_run(album, tmp_path / "out", SaveOptions(bits=16))


def test_a_folder_that_cannot_be_read_is_named(album: Path, tmp_path: Path) -> None:
    (album / "1950").chmod(0)
    try:
        if os.access(album / "1950", os.R_OK):
            pytest.skip("This user may read every folder.")
        with pytest.raises(PlanError, match="1950 cannot be read: Permission denied"):
            plan_run(album, tmp_path / "out", SaveOptions(), recursive=True)
    finally:
        (album / "1950").chmod(0o755)
