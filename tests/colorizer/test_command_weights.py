"""manage.py weights, as it is typed, with real files and a real server."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import torch
from django.conf import settings
from django.core.management import CommandError, call_command
from filelock import FileLock
from pytest_django import Settings

from colorizer.engine.architectures.deoldify.network import DEEP, DeOldifyUNet
from colorizer.engine.model_registry import bundled_weights
from colorizer.engine.weights import load_weights
from colorizer.weights_store import installing
from colorsite.environment import BASE_DIR
from tests.file_server import FileServer, dead_address, running
from tests.worker import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


def weights(*arguments: object) -> str:
    """What the command prints."""
    printed = StringIO()
    call_command("weights", *map(str, arguments), stdout=printed)
    return printed.getvalue()


def refusal(*arguments: object) -> str:
    """What a command that fails tells."""
    with pytest.raises(CommandError) as failure:
        weights(*arguments)
    return str(failure.value)


def installed_names() -> list[str]:
    folder: Path = settings.WEIGHTS_DIR
    names = [path.name for path in folder.iterdir()] if folder.exists() else []
    return sorted(name for name in names if name not in (".lock", "downloads"))


def downloads() -> list[str]:
    return sorted(path.name for path in (settings.WEIGHTS_DIR / "downloads").iterdir())


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.safetensors"
    shutil.copy(bundled_weights("stable"), path)
    return path


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in the form of DeOldify's artistic weights that has learned nothing."""
    path = tmp_path_factory.mktemp("checkpoint") / "ColorizeArtistic_gen.pth"
    torch.save({"model": DeOldifyUNet(DEEP).state_dict()}, path)
    return path


@pytest.fixture(scope="module")
def server(checkpoint: Path) -> Iterator[FileServer]:
    server = FileServer(checkpoint.read_bytes())
    with running(server):
        yield server


def test_the_list_names_all_weights_and_what_each_variant_uses(
    mine: Path, settings: Settings
) -> None:
    weights("install", mine)
    settings.WEIGHTS_OVERRIDES = {**settings.WEIGHTS_OVERRIDES, "video": "bundled"}
    lines = weights("list").splitlines()
    words = [line.split() for line in lines]
    assert words[1][:4] == ["compact-artistic", "artistic", "compact", "bundled"]
    assert words[4][:6] == ["mine", "stable", "compact", "installed", "17.3", "MB"]
    assert words[5][:5] == [
        "deoldify-artistic",
        "artistic",
        "deoldify-deep",
        "available",
        "unknown",
    ]
    assert lines[-3:] == [
        "artistic is colored with compact-artistic (nothing else is installed).",
        "stable is colored with mine (the best installed).",
        "video is colored with compact-video (WEIGHTS_VIDEO=bundled).",
    ]


def test_the_list_for_programs_tells_of_an_override_that_cannot_be_used(
    settings: Settings,
) -> None:
    settings.WEIGHTS_OVERRIDES = {**settings.WEIGHTS_OVERRIDES, "video": "nonesuch"}
    data = json.loads(weights("list", "--json"))
    assert [row["state"] for row in data["weights"]] == ["bundled"] * 3 + ["available"] * 3
    assert data["weights"][3]["bytes"] is None
    video = data["variants"][2]
    assert video["path"] is None
    assert "WEIGHTS_VIDEO=nonesuch" in video["problem"]


def test_installed_weights_are_a_copy_with_a_record(mine: Path) -> None:
    done = weights("install", mine)
    assert "Installed mine (compact, 17,281,194 bytes) for the variant stable." in done
    assert installed_names() == ["mine.json", "mine.safetensors"]
    assert (settings.WEIGHTS_DIR / "mine.safetensors").read_bytes() == mine.read_bytes()
    assert mine.exists()
    assert load_weights(mine).sha256 in done


def test_a_variant_can_be_named(mine: Path) -> None:
    assert "for the variant video" in weights("install", mine, "--variant", "video")


def test_a_truncated_file_installs_nothing(mine: Path) -> None:
    mine.write_bytes(mine.read_bytes()[:1_000_000])
    assert "mine.safetensors cannot be read" in refusal("install", mine)
    assert installed_names() == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.pth", "There is no file"),
        ("text.pth", "does not say for which variant it is. Add --variant"),
        ("compact-stable.safetensors", "is the name of other weights"),
        ("deoldify-stable.safetensors", "is for the network compact; deoldify-stable is for"),
    ],
)
def test_a_file_that_cannot_be_installed(mine: Path, name: str, reason: str) -> None:
    path = mine.with_name(name)
    if not name.startswith("missing"):
        shutil.copy(mine, path)
    assert reason in refusal("install", path)
    assert installed_names() == []


def test_a_file_that_is_no_weights_at_all(tmp_path: Path) -> None:
    path = tmp_path / "notes.pth"
    path.write_text("no weights")
    assert "notes.pth cannot be read" in refusal("install", path, "--variant", "stable")
    assert installed_names() == []


def test_a_known_name_is_not_given_to_another_variant(mine: Path) -> None:
    path = mine.with_name("deoldify-stable.safetensors")
    shutil.copy(mine, path)
    answer = refusal("install", path, "--variant", "video")
    assert "for the variant stable. To use it for video, give the file another name" in answer


def test_a_second_command_at_the_same_time_is_sent_away(mine: Path) -> None:
    settings.WEIGHTS_DIR.mkdir()
    with FileLock(settings.WEIGHTS_DIR / ".lock"):
        assert "Another weights command is at work" in refusal("install", mine)
    assert weights("install", mine)


def test_a_folder_that_cannot_be_used_is_named(mine: Path) -> None:
    settings.WEIGHTS_DIR.touch()
    assert "check WEIGHTS_DIR" in refusal("install", mine)


def test_verify_finds_what_has_changed(mine: Path) -> None:
    weights("install", mine)
    assert weights("verify").splitlines()[-1] == "mine: as it should be"
    with (settings.WEIGHTS_DIR / "mine.safetensors").open("r+b") as file:
        file.seek(-4, os.SEEK_END)
        file.write(b"\0\1\2\3")
    assert refusal("verify") == "mine: fetch or install again, or remove."
    found = dict(installing.problems(settings.WEIGHTS_DIR))
    assert "it has been changed" in found["mine"]
    assert found["compact-stable"] == ""


def test_verify_finds_what_is_gone(mine: Path) -> None:
    weights("install", mine)
    (settings.WEIGHTS_DIR / "mine.safetensors").unlink()
    assert "mine: fetch or install again" in refusal("verify")


def test_removed_weights_are_gone_and_the_bundled_ones_back(mine: Path) -> None:
    weights("install", mine)
    assert weights("remove", "mine") == "Removed mine.\n"
    assert installed_names() == []
    assert "stable is colored with compact-stable" in weights("list")


def test_what_is_not_installed_cannot_be_removed(mine: Path) -> None:
    weights("install", mine)
    assert "compact-stable is not installed. Installed: mine." in refusal(
        "remove", "compact-stable"
    )


def test_checkpoints_are_fetched_converted_and_used_also_after_ctrl_c(
    server: FileServer, checkpoint: Path, tmp_path: Path
) -> None:
    """One fetch for all, since each takes a quarter of a gigabyte through download and conversion."""
    server.ranges.clear()
    came = bytes_until_ctrl_c(server)
    done = weights("fetch", "deoldify-artistic", "--from", server.address())
    assert server.ranges == ["", f"bytes={came}-"]
    assert "Installed deoldify-artistic (deoldify-deep, " in done
    assert installed_names() == ["deoldify-artistic.json", "deoldify-artistic.safetensors"]
    assert downloads() == ["checksums.json"]
    converted = settings.WEIGHTS_DIR / "deoldify-artistic.safetensors"
    assert converted.stat().st_mode & 0o777 == 0o644
    assert "artistic is colored with deoldify-artistic" in weights("list")
    assert "deoldify-artistic: as it should be" in weights("verify")
    weights("remove", "deoldify-artistic")
    assert_a_file_that_differs_is_taken_only_if_told_so(checkpoint, tmp_path)


def bytes_until_ctrl_c(server: FileServer) -> int:
    """How many a fetch has kept that was interrupted."""
    server.chunk_pause = 0.01
    command = [sys.executable, "manage.py", "weights", "fetch", "deoldify-artistic"]
    process = subprocess.Popen(
        [*command, "--from", server.address()],
        cwd=BASE_DIR,
        env={**os.environ, "WEIGHTS_DIR": str(settings.WEIGHTS_DIR)},
        stderr=subprocess.PIPE,
        text=True,
    )
    part: Path = settings.WEIGHTS_DIR / "downloads/ColorizeArtistic_gen.pth.part"
    wait_until(lambda: part.exists() and part.stat().st_size > 0, "the first bytes")
    process.send_signal(signal.SIGINT)
    _, told = process.communicate()
    server.chunk_pause = 0
    assert process.returncode == 130
    assert told == "Interrupted. The same command goes on with what has come so far.\n"
    return part.stat().st_size


def assert_a_file_that_differs_is_taken_only_if_told_so(checkpoint: Path, folder: Path) -> None:
    changed = folder / checkpoint.name
    state = torch.load(checkpoint, weights_only=True, mmap=True)
    torch.save(state["model"], changed)
    answer = refusal("install", changed)
    assert "is not the file that is known as deoldify-artistic" in answer
    assert installed_names() == []
    assert "Installed" in weights("install", changed, "--accept-changed")


def test_a_fetched_file_of_another_network_is_named_and_deleted(server: FileServer) -> None:
    answer = refusal("fetch", "deoldify-video", "--from", server.address())
    assert "is for the network deoldify-deep; deoldify-video is for deoldify-wide" in answer
    assert installed_names() == []
    assert downloads() == []


def test_an_unfinished_download_can_be_removed() -> None:
    part = settings.WEIGHTS_DIR / "downloads/ColorizeStable_gen.pth.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    weights("remove", "deoldify-stable")
    assert not part.exists()


def test_offline_is_one_clear_sentence() -> None:
    answer = refusal("fetch", "deoldify-stable", "--from", dead_address())
    assert "ColorizeStable_gen.pth could not be fetched. 127.0.0.1: " in answer
    assert "manage.py weights install FILE" in answer


def test_a_name_that_nobody_knows_is_answered_with_those_known() -> None:
    assert "deoldify-artistic" in refusal("fetch", "deoldify-sepia")
