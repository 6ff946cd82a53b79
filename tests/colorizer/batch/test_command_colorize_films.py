"""`manage.py colorize` with films among pictures."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import cv2
import pytest
from django.core.management import call_command

from colorizer.batch.plan import PlanError, plan_run
from colorizer.engine import SaveOptions
from tests.colorizer.engine.video.films import Film, frames, picture, write


@pytest.mark.slow
def test_films_and_pictures_of_a_folder(tmp_path: Path) -> None:
    source, target = tmp_path / "gray", tmp_path / "color"
    source.mkdir()
    write(source / "party.mov", Film(frames=20, rotation=90))
    (source / "broken.avi").write_text("no film")
    cv2.imwrite(str(source / "portrait.png"), picture())
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command(
            "colorize",
            source,
            target,
            render_factor=8,
            seconds=0.4,
            report=tmp_path / "report.json",
            stderr=errors,
        )
    assert {path.name for path in target.iterdir()} == {"party.mp4", "portrait.png"}
    assert len(frames(target / "party.mp4")) == 10
    note = "Rotated: its frames will be stored upright."
    assert f"{source / 'party.mov'}: {note}" in errors.getvalue()
    pictures = json.loads((tmp_path / "report.json").read_bytes())["pictures"]
    assert [each["notes"] for each in pictures] == [[], [note], []]


def test_names_of_films(tmp_path: Path) -> None:
    for name in ("a.mov", "b.webm", "c.jpg"):
        (tmp_path / name).touch()
    plan = plan_run(tmp_path, tmp_path / "out", SaveOptions(), suffix=".png")
    assert [task.target.name for task in plan.tasks] == ["a.mp4", "b.webm", "c.png"]
    with pytest.raises(PlanError, match=r"\.mp4 or \.webm"):
        plan_run(tmp_path / "a.mov", tmp_path / "a.png", SaveOptions())
