"""`python -m tests.hostile FOLDER`: the hostile files, and `expected.tsv` beside them."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from tests.hostile import corpus


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    corpus.write(folder)
    shutil.copy(corpus.EXPECTED_FILE, folder)


if __name__ == "__main__":
    main()
