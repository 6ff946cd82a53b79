"""manage.py colorize, as it is typed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from pytest_django import Settings
from skimage import data
from skimage.metrics import peak_signal_noise_ratio

import colorizer
from colorizer.engine.files import ABANDONED_SECONDS
from colorizer.engine.model_registry import bundled_weights
from colorizer.evaluation.metrics import colorfulness
from tests import ROOT
from tests.colorizer.batch.permissions import permissions_that_count
from tests.colorizer.engine.deoldify.kit import INPUT_PICTURE, deoldify_picture
from tests.pictures import without_end

pytestmark = pytest.mark.slow


ARTIST = 0x013B
ODD_NAME = os.fsdecode(b"o\xe9\x1b\n.jpg")


@dataclass
class Run:
    source: Path
    target: Path
    report: Path
    done: subprocess.CompletedProcess[str] = field(init=False)

    @cached_property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.report.read_bytes().decode())
        return content

    def entry(self, name: str) -> dict[str, Any]:
        source = str(self.source / name)
        (entry,) = (one for one in self.content["pictures"] if one["source"] == source)
        return {**entry}


def as_typed(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "colorize", *map(str, arguments)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


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


def write_pictures(folder: Path) -> None:
    """Five pictures; one is in a folder inside."""
    (folder / "1950").mkdir(parents=True)
    gray = Image.fromarray(data.astronaut()).convert("L").resize((128, 96))
    exif = Image.Exif()
    exif[ARTIST] = "Ada"
    gray.save(folder / "one.jpg", exif=exif)
    gray.save(folder / "TWO.PNG")
    for angle in (90, 180, 270):
        gray.rotate(angle).save(folder / "1950" / f"{angle}.png")


def write_what_is_no_picture(folder: Path) -> None:
    (folder / "notes.txt").write_text("no picture")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "dangling.jpg").symlink_to("nothing.jpg")
    (folder / "circle.jpg").symlink_to("circle.jpg")
    (folder / "link.jpg").symlink_to(ROOT / "static" / "img" / "look-before.jpg")
    os.mkfifo(folder / "pipe.jpg")
    for name in ("@eaDir", ".git", "1950/@eaDir"):
        (folder / name).mkdir()
        (folder / name / "inside.jpg").touch()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One run, typed, over all that a folder may hold. With one thread a worker: see below."""
    base = tmp_path_factory.mktemp("run")
    run = Run(base / "gray", base / "gray" / "color", base / "new" / "report.json")
    write_pictures(run.source)
    write_what_is_no_picture(run.source)
    (run.source / ODD_NAME).write_bytes(without_end((run.source / "one.jpg").read_bytes()))
    run.target.mkdir()
    for folder in (run.source, run.target):
        (folder / "done.jpg").write_text("already here")
    for name, seconds in ((".unfinished-1-old", ABANDONED_SECONDS + 1), (".unfinished-2-new", 0)):
        (run.target / name).touch()
        os.utime(run.target / name, (time.time() - seconds,) * 2)
    run.done = as_typed(
        *(run.source, run.target, "--recursive", "--jobs", 2, "--report", run.report),
        *("--variant", "stable", "--render-factor", 9),
    )
    return run


def test_a_tree_gets_the_same_names_in_color(run: Run) -> None:
    expected = ["1950/180.png", "1950/270.png", "1950/90.png", "TWO.PNG", ODD_NAME, "one.jpg"]
    assert sorted(tree(run.target)) == sorted([*expected, "done.jpg", ".unfinished-2-new"])
    for name in expected:
        with Image.open(run.target / name) as picture:
            assert picture.size == (128, 96)
            assert colorfulness(np.asarray(picture.convert("RGB"))) > 5


def test_what_is_there_is_left(run: Run) -> None:
    assert run.done.stdout == "6 colorized, 1 already done, 4 failed\n"
    assert (run.target / "done.jpg").read_text() == "already here"


def test_what_a_killed_run_left_is_removed_once_nobody_can_be_writing_it(run: Run) -> None:
    assert [path.name for path in run.target.glob(".unfinished-*")] == [".unfinished-2-new"]


def test_a_file_that_cannot_be_colorized_is_named_and_the_rest_goes_on(run: Run) -> None:
    assert run.done.returncode == 1
    for name, reason in [
        ("broken.jpg", "The picture is damaged"),
        ("dangling.jpg", "[Errno 2] No such file"),
        ("circle.jpg", "[Errno 40] Too many levels of symbolic links"),
        ("pipe.jpg", "This is no file, but a pipe, a socket or a device."),
    ]:
        assert f"{run.source / name}: {reason}" in run.done.stderr
        assert run.entry(name)["status"] == "failed"
        assert reason in run.entry(name)["error"]
    assert "Traceback" not in run.done.stderr


def test_what_is_not_looked_at_is_told(run: Run) -> None:
    reason = "this link leads out of SOURCE"
    assert f"{run.source / 'link.jpg'}: left alone, since {reason}" in run.done.stderr
    assert "3 folders skipped: @eaDir (2), .git (1)\n1 file skipped: .txt (1)" in run.done.stderr
    assert run.content["left_alone"] == [{"path": str(run.source / "link.jpg"), "reason": reason}]
    assert run.content["skipped_folders"] == {"@eaDir": 2, ".git": 1}
    assert run.content["skipped_files"] == {".txt": 1}


def test_a_name_that_is_no_text_is_colorized_and_reported(run: Run) -> None:
    """The colors are asserted above."""
    entry = run.entry("o\\xe9\x1b\n.jpg")
    assert entry["status"] == "colorized"
    for key, path in (("source", run.source), ("target", run.target)):
        assert unquote_to_bytes(entry[f"{key}_percent_encoded"]) == os.fsencode(path / ODD_NAME)


def test_a_flaw_of_a_file_is_told(run: Run) -> None:
    sentence = "The end of the file is missing, but the whole picture is there."
    assert run.entry("o\\xe9\x1b\n.jpg")["flaw"] == sentence
    assert run.done.stderr.count(sentence) == 1


def test_the_report_says_what_became_of_every_picture(run: Run) -> None:
    content = run.content
    weights = bundled_weights("stable")
    assert content["version"] == colorizer.__version__
    assert (content["variant"], content["jobs"], content["interrupted"]) == ("stable", 2, False)
    assert content["totals"] == {"colorized": 6, "skipped": 1, "failed": 4, "not_done": 0}
    assert content["weights"] == {
        "name": "compact-stable",
        "architecture": "compact",
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    sources = [entry["source"] for entry in content["pictures"]]
    assert len(sources) == 11
    assert sources == sorted(sources)
    one = run.entry("one.jpg")
    assert one.pop("seconds") > 0
    assert one == {
        "source": str(run.source / "one.jpg"),
        "target": str(run.target / "one.jpg"),
        "status": "colorized",
        "width": 128,
        "height": 96,
        "render_factor_asked": 9,
        "render_factor_used": 9,
        "flaw": None,
        "notes": [],
        "error": None,
    }
    assert run.entry("done.jpg")["status"] == "skipped"


def test_neither_jobs_nor_a_name_for_the_weights_make_a_difference(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With as many threads each: how many there are changes how floating point is rounded."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    write_pictures(tmp_path / "gray")
    arguments = (tmp_path / "gray", tmp_path / "color", "--recursive", "--render-factor", 9)
    done = colorize(*arguments, "--weights", bundled_weights("stable"))
    assert done.returncode == 0, done.stderr
    again, before = tree(tmp_path / "color"), tree(run.target)
    assert len(again) == 5
    assert again.items() <= before.items()


def test_a_format_and_how_it_is_written_can_be_chosen(tmp_path: Path) -> None:
    write_pictures(tmp_path / "gray")
    done = colorize(tmp_path / "gray", tmp_path / "fine", "--format", "png", "--bits", 16, "--mark")
    assert done.returncode == 0, done.stderr
    header = (tmp_path / "fine" / "TWO.png").read_bytes()[:26]
    assert header[24:26] == b"\x10\x02"  # 16 bits a channel, RGB


def test_a_single_file_takes_the_given_name_and_its_metadata_when_asked(
    run: Run, tmp_path: Path
) -> None:
    arguments = (run.source / "one.jpg", tmp_path / "color.webp", "--variant", "video")
    done = colorize(*arguments, "--quality", 20, "--keep-metadata")
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "color.webp") as kept, Image.open(run.target / "one.jpg") as plain:
        assert kept.format == "WEBP"
        assert (kept.getexif().get(ARTIST), plain.getexif().get(ARTIST)) == ("Ada", None)


def test_a_run_with_nothing_to_do_says_so(tmp_path: Path) -> None:
    write_pictures(tmp_path / "gray")
    (tmp_path / "color").mkdir()
    for name in ("one.jpg", "TWO.PNG"):
        (tmp_path / "color" / name).touch()
    done = colorize(tmp_path / "gray", tmp_path / "color")
    assert (done.returncode, done.stdout) == (0, "0 colorized, 2 already done, 0 failed\n")


def test_an_unreadable_folder_is_named_and_the_rest_goes_on(
    folder_of_anybody: Path, settings: Settings
) -> None:
    """With results that are there: no process can be started without permission."""
    settings.WEIGHTS_DIR = folder_of_anybody / "weights"
    source, target = folder_of_anybody / "gray", folder_of_anybody / "color"
    write_pictures(source)
    for name in ("one.jpg", "TWO.PNG"):
        target.mkdir(exist_ok=True)
        (target / name).touch()
    (source / "1950").chmod(0)
    report = folder_of_anybody / "report.json"
    with permissions_that_count():
        done = colorize(source, target, "--recursive", "--report", report)
    reason = "this folder cannot be read: Permission denied"
    assert (done.returncode, done.stdout) == (1, "0 colorized, 2 already done, 0 failed\n")
    assert done.stderr == f"{source / '1950'}: left alone, since {reason}\n"
    left_alone = json.loads(report.read_text())["left_alone"]
    assert left_alone == [{"path": str(source / "1950"), "reason": reason}]


def test_a_checkpoint_gives_the_picture_that_deoldify_made_of_it(
    artistic_pth: Path, tmp_path: Path
) -> None:
    target = tmp_path / "color.png"
    done = colorize(INPUT_PICTURE, target, "--weights", artistic_pth, "--render-factor", 16)
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
