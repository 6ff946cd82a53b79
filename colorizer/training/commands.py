"""Prepare photographs, train on them, export weights: python -m colorizer.training COMMAND"""

from __future__ import annotations

import argparse
import sys
from typing import Final

from colorizer.engine.errors import ColorizerError
from colorizer.training import export, preparing, train

COMMANDS: Final = {"prepare": preparing, "train": train, "export": export}


def main() -> None:
    """Expected errors end as one line on stderr and exit status 1."""
    parser = argparse.ArgumentParser("python -m colorizer.training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").partition("\n")[0]
        command = commands.add_parser(
            name,
            help=summary,
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.configure(command)
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except (ColorizerError, OSError, ValueError) as error:
        sys.exit(f"{parser.prog}: {error}")
