"""Prepare photographs, train on them, export weights: python -m colorizer.training COMMAND"""

from __future__ import annotations

import argparse
import sys


def main() -> None:
    """Expected errors end as one line on stderr and exit status 1."""
    # Here, since processes spawned by `prepare` import this module again, and need no torch.
    from colorizer.engine.errors import ColorizerError  # noqa: PLC0415
    from colorizer.training import export, preparing, train  # noqa: PLC0415

    parser = argparse.ArgumentParser("python -m colorizer.training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in {"prepare": preparing, "train": train, "export": export}.items():
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


if __name__ == "__main__":
    main()
