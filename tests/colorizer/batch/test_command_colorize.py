"""manage.py colorize, as it is typed."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from skimage import data
from skimage.metrics import peak_signal_noise_ratio

import colorizer
from colorizer.engine.model_registry import bundled_weights
from colorizer.evaluation.metrics import colorfulness
from tests import ROOT
from tests.colorizer.engine.deoldify.kit import INPUT_PICTURE, deoldify_picture

pytestmark = pytest.mark.slow


def as_typed(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "colorize", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def colorize(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The same from this process, without the seconds that a new one takes to start."""
    output, errors = StringIO(), StringIO()
    status = 0
    try:
        call_command("colorize", *map(str, arguments), stdout=output, stderr=errors)
    except SystemExit as end:
        status = int(str(end.code))
    return subprocess.CompletedProcess([], status, output.getvalue(), errors.getvalue())


def tree(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "gray"
    source.mkdir()
    gray = Image.fromarray(data.astronaut()).convert("L").resize((128, 96))
    gray.save(source / "one.jpg")
    gray.save(source / "TWO.PNG")
    (source / "notes.txt").write_text("no picture")
    return source


def test_a_folder_gets_the_same_names_in_color(folder: Path, tmp_path: Path) -> None:
    done = as_typed(folder, tmp_path / "color", "--variant", "artistic", "--render-factor", 10)
    assert done.returncode == 0, done.stderr
    results = sorted((tmp_path / "color").iterdir())
    assert [path.name for path in results] == ["TWO.PNG", "one.jpg"]
    for path in results:
        with Image.open(path) as picture:
            assert picture.size == (128, 96)
            assert colorfulness(np.asarray(picture.convert("RGB"))) > 5


def test_a_second_run_leaves_what_is_there(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "color"
    target.mkdir()
    (target / "one.jpg").write_text("already here")
    done = colorize(folder, target)
    assert "1 colorized, 1 already done, 0 failed" in done.stdout
    assert (target / "one.jpg").read_text() == "already here"


def test_a_run_with_nothing_to_do_says_so(folder: Path) -> None:
    (folder / "color").mkdir()
    for name in ("one.jpg", "TWO.PNG"):
        (folder / "color" / name).touch()
    done = colorize(folder, folder / "color")
    assert (done.returncode, done.stdout) == (0, "0 colorized, 2 already done, 0 failed\n")


def test_a_broken_file_is_named_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    done = as_typed(folder, tmp_path / "color", "--jobs", 2)
    assert done.returncode == 1
    assert f"{folder / 'broken.jpg'}: The picture is damaged" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tree(tmp_path / "color")) == ["TWO.PNG", "one.jpg"]


def test_a_tree_is_mirrored(folder: Path, tmp_path: Path) -> None:
    (folder / "1950" / "june").mkdir(parents=True)
    (folder / "TWO.PNG").rename(folder / "1950" / "june" / "two.png")
    (folder / "link.jpg").symlink_to(ROOT / "static" / "img" / "look-before.jpg")
    done = colorize(folder, folder / "color", "--recursive", "--render-factor", 8)
    assert f"{folder / 'link.jpg'}: left alone, since this link leads out of SOURCE" in done.stderr
    assert sorted(tree(folder / "color")) == ["1950/june/two.png", "one.jpg"]


def test_the_number_of_jobs_makes_no_difference(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With as many threads each: how many there are changes how floating point is rounded."""
    for angle in (90, 180, 270):
        with Image.open(folder / "one.jpg") as picture:
            picture.rotate(angle).save(folder / f"{angle}.png")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    for jobs in (1, 2):
        done = colorize(folder, tmp_path / str(jobs), "--jobs", jobs)
        assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "1") == tree(tmp_path / "2")


def test_a_format_and_how_it_is_written_can_be_chosen(folder: Path, tmp_path: Path) -> None:
    rough = colorize(folder, tmp_path / "rough", "--format", "webp", "--quality", 20)
    fine = colorize(folder, tmp_path / "fine", "--format", "png", "--bits", 16, "--mark")
    assert (rough.returncode, fine.returncode) == (0, 0), rough.stderr + fine.stderr
    with Image.open(tmp_path / "rough" / "one.webp") as picture:
        assert picture.format == "WEBP"
    header = (tmp_path / "fine" / "TWO.png").read_bytes()[:26]
    assert header[24:26] == b"\x10\x02"  # 16 bits a channel, RGB


def test_metadata_is_carried_when_asked_for(folder: Path, tmp_path: Path) -> None:
    artist = 0x013B
    exif = Image.Exif()
    exif[artist] = "Ada"
    with Image.open(folder / "one.jpg") as picture:
        picture.save(folder / "one.jpg", exif=exif)
    call_command("colorize", folder / "one.jpg", tmp_path / "plain.jpg", render_factor=8)
    call_command("colorize", folder / "one.jpg", tmp_path / "kept.jpg", keep_metadata=True)
    names = {}
    for name in ("plain", "kept"):
        with Image.open(tmp_path / f"{name}.jpg") as picture:
            names[name] = picture.getexif().get(artist)
    assert names == {"plain": None, "kept": "Ada"}


def test_the_report_says_what_became_of_every_picture(folder: Path, tmp_path: Path) -> None:
    target, report = tmp_path / "color", tmp_path / "new" / "report.json"
    target.mkdir()
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "done.jpg").touch()
    (target / "done.jpg").touch()

    colorize(folder, target, "--variant", "stable", "--render-factor", 9, "--report", report)

    content = json.loads(report.read_text())
    pictures = {Path(entry["source"]).name: entry for entry in content["pictures"]}
    weights = bundled_weights("stable")
    assert content["version"] == colorizer.__version__
    assert (content["variant"], content["jobs"], content["interrupted"]) == ("stable", 1, False)
    assert content["totals"] == {"colorized": 2, "skipped": 1, "failed": 1, "not_done": 0}
    assert content["weights"] == {
        "name": "compact-stable",
        "architecture": "compact",
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    assert list(pictures) == ["TWO.PNG", "broken.jpg", "done.jpg", "one.jpg"]
    assert pictures["one.jpg"].pop("seconds") > 0
    assert pictures["one.jpg"] == {
        "source": str(folder / "one.jpg"),
        "target": str(target / "one.jpg"),
        "status": "colorized",
        "width": 128,
        "height": 96,
        "render_factor_asked": 9,
        "render_factor_used": 9,
        "error": None,
    }
    assert pictures["done.jpg"]["status"] == "skipped"
    assert pictures["broken.jpg"]["status"] == "failed"
    assert "damaged" in pictures["broken.jpg"]["error"]


def test_a_single_file_takes_the_given_name(folder: Path, tmp_path: Path) -> None:
    call_command("colorize", folder / "one.jpg", tmp_path / "color.webp", variant="video")
    with Image.open(tmp_path / "color.webp") as picture:
        assert picture.format == "WEBP"


def test_a_weights_file_can_be_named(folder: Path, tmp_path: Path) -> None:
    source, weights = folder / "TWO.PNG", bundled_weights("artistic")
    call_command("colorize", source, tmp_path / "a.png", variant="artistic", render_factor=8)
    call_command("colorize", source, tmp_path / "b.png", weights=weights, render_factor=8)
    pixels = []
    for name in ("a.png", "b.png"):
        with Image.open(tmp_path / name) as picture:
            pixels.append(picture.tobytes())
    assert pixels[0] == pixels[1]


def test_a_checkpoint_gives_the_picture_that_deoldify_made_of_it(
    artistic_pth: Path, tmp_path: Path
) -> None:
    target = tmp_path / "color.png"
    done = as_typed(INPUT_PICTURE, target, "--weights", artistic_pth, "--render-factor", 16)
    assert done.returncode == 0, done.stderr
    with (
        Image.open(target) as colorized,
        Image.open(deoldify_picture("artistic")) as expected,
    ):
        pictures = np.asarray(colorized), np.asarray(expected)
    assert peak_signal_noise_ratio(*pictures) >= 60
    assert np.abs(np.subtract(*pictures, dtype=int)).max() <= 4


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["missing", "out"], "There is no file or folder"),
        (["static/img", "out", "--render-factor", "99"], "must be 8 to 40, not 99"),
        (["static/img", "out", "--variant", "sepia"], "invalid choice: 'sepia'"),
        (["static/img", "out", "--weights", "none.safetensors"], "none.safetensors cannot be read"),
        (["static/img", "out", "--jobs", "0"], "must be 1 to 256, not 0"),
        (["static/img", "out", "--quality", "101"], "must be 1 to 100, not 101"),
        (["static/img", "out", "--bits", "16"], "JPEG has no 16 bits"),
        (["static/img", "out", "--format", "svg"], "cannot be written as '.svg'"),
        (["static/img", "out", "--report", "static"], "The report cannot be written as static"),
        (["static/img", "out", "--report", "Makefile/r.json"], "There is no folder for the report"),
        (["manage.py", "out.svg"], "cannot be written as '.svg'"),
        ([".", "."], "the same folder"),
        (["tests", "out"], "holds no pictures"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong(
    arguments: list[str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(CommandError, match=re.escape(reason)):
        call_command("colorize", *arguments)
    assert not Path("out").exists()
