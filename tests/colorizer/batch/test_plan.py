"""Which pictures a run takes, where its results go, and what it refuses before any work."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from colorizer.batch.plan import PlanError, check_folders, plan_run
from colorizer.batch.report import ReportError, check_report
from colorizer.engine import SaveOptions, UnsupportedFormatError
from tests.colorizer.batch.permissions import permissions_that_count


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

    left_alone = [one.path for one in plan.found.left_alone]
    assert left_alone == [album / "folder", album / "picture.jpg"]
    assert [task.source.name for task in plan.tasks] == ["A.PNG", "b.jpg", "inside.jpg", "c.tif"]


def test_a_format_renames_all_results(album: Path, tmp_path: Path) -> None:
    assert targets(album, tmp_path / "out", suffix=".webp") == ["A.webp", "b.webp"]


@pytest.mark.parametrize("suffix", [None, ".jpg"])
def test_what_is_there_is_not_waiting(album: Path, tmp_path: Path, suffix: str | None) -> None:
    (tmp_path / "out" / "A.PNG").mkdir(parents=True)  # a folder is no result
    (tmp_path / "out" / "b.jpg").touch()
    plan = plan_run(album, tmp_path / "out", SaveOptions(), suffix=suffix)
    assert [task.source.name for task in plan.waiting] == ["A.PNG"]


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


def test_a_source_that_cannot_be_read_is_named(folder_of_anybody: Path, tmp_path: Path) -> None:
    (folder_of_anybody / "album").mkdir(mode=0)
    with (
        permissions_that_count(),
        pytest.raises(PlanError, match="album cannot be read: Permission denied"),
    ):
        plan_run(folder_of_anybody / "album", tmp_path / "out", SaveOptions())


def test_what_systems_put_beside_photographs_is_skipped_and_counted(
    album: Path, tmp_path: Path
) -> None:
    for name in ("@eaDir/d.jpg", "1950/@eaDir/d.jpg", "__MACOSX/._b.jpg", "$RECYCLE.BIN/e.jpg"):
        (album / name).parent.mkdir(exist_ok=True)
        (album / name).touch()
    found = plan_run(album, tmp_path / "out", SaveOptions(), recursive=True).found
    assert [path.name for path in found.pictures] == ["A.PNG", "b.jpg", "c.tif"]
    assert found.skipped_folders == {"@eaDir": 2, "__MACOSX": 1, "$RECYCLE.BIN": 1, ".thumbs": 1}
    assert found.skipped_files == {".txt": 1, "hidden": 1}


@pytest.mark.parametrize("name", ["x.jfif", "x.jpe", "x.JIF", "x.mpo", "x.hif", "x.dib"])
def test_less_usual_suffixes_are_those_of_pictures(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert targets(tmp_path, tmp_path / "out") == [name]


def test_a_folder_that_cannot_be_written_in_is_told_before_any_work(
    album: Path, folder_of_anybody: Path
) -> None:
    (folder_of_anybody / "closed").mkdir(mode=0o555)
    plan = plan_run(album, folder_of_anybody / "closed" / "out", SaveOptions())
    with permissions_that_count(), pytest.raises(PlanError, match="closed cannot be written in"):
        check_folders(plan.waiting)


def test_a_file_in_the_way_of_a_folder_is_told_before_any_work(album: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "1950").touch()
    plan = plan_run(album, tmp_path / "out", SaveOptions(), recursive=True)
    with pytest.raises(PlanError, match="1950 is in the way: it is no folder"):
        check_folders(plan.waiting)


def test_a_report_is_not_written_over_a_picture(album: Path, tmp_path: Path) -> None:
    plan = plan_run(album, tmp_path / "out", SaveOptions())
    for place in (album / "b.jpg", tmp_path / "out" / "A.PNG"):
        with pytest.raises(ReportError, match="is a picture of this run"):
            check_report(place, plan)


def calls_of_a_plan(folder: Path, files: int) -> int:
    folder.mkdir()
    for number in range(files):
        (folder / f"{number}.jpg").touch()
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        plan = plan_run(folder, folder / "out", SaveOptions(), recursive=True)
        check_folders(plan.waiting)
    finally:
        sys.setprofile(None)
    return calls


def test_the_work_of_a_plan_grows_with_the_number_of_files_alone(tmp_path: Path) -> None:
    few, many = (calls_of_a_plan(tmp_path / str(files), files) for files in (100, 400))
    assert many < 4.2 * few


@pytest.mark.parametrize(
    ("other", "suffix", "helps"),
    [
        ("film.mp4", None, False),
        ("film.mp4", ".webm", False),
        ("film.avi", ".png", False),
        ("film.webm", ".mp4", True),
    ],
)
def test_to_omit_the_format_is_advised_where_it_helps(
    other: str, suffix: str | None, *, helps: bool, tmp_path: Path
) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    for name in ("film.mov", other):
        (folder / name).touch()
    with pytest.raises(PlanError, match="would both become") as refused:
        plan_run(folder, tmp_path / "out", SaveOptions(), suffix=suffix)
    assert str(refused.value).endswith("or omit --format." if helps else "Rename one.")
