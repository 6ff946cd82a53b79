from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO

import pytest

from tests import ROOT

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Command:
    """A command of the evaluation without a new process, which would take seconds to load torch."""
    monkeypatch.chdir(ROOT)

    def command(module: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        name = "evaluation.__main__" if module == "evaluation" else module
        main = import_module(f"colorizer.{name}").main
        monkeypatch.setattr(sys, "argv", [module, *map(str, arguments)])
        status, words = 0, ""
        with redirect_stdout(StringIO()) as output, redirect_stderr(StringIO()) as errors:
            try:
                main()
            except SystemExit as end:
                status, words = 1, str(end.code)  # which the interpreter prints
        told = errors.getvalue() + words
        return subprocess.CompletedProcess([], status, output.getvalue(), told)

    return command
