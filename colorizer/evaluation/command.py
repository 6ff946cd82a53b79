"""What all commands of the evaluation do alike."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from colorizer.engine.errors import ColorizerError


def run_command(
    description: str | None,
    configure: Callable[[argparse.ArgumentParser], None],
    run: Callable[[argparse.Namespace], None],
) -> None:
    """Expected errors end as one line on stderr and exit status 1."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    configure(parser)
    try:
        run(parser.parse_args())
    except (ColorizerError, OSError, ValueError) as error:
        sys.exit(str(error))


def count(text: str) -> int:
    """Type of arguments that say how many pictures: what is less than 1 would take others than one means."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
