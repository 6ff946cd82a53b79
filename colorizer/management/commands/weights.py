"""Fetch, install and look after the weights that the variants are colorized with."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from colorizer.engine.errors import ColorizerError
from colorizer.engine.model_registry import DEOLDIFY_CHECKPOINTS
from colorizer.engine.variants import VARIANTS
from colorizer.weights_store import installing, listing
from colorizer.weights_store.records import InstalledWeights

INTERRUPTED = 130  # what a shell expects of a program that Ctrl-C has ended
ENTRIES = {entry.name: entry for entry in DEOLDIFY_CHECKPOINTS}


def _web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ArgumentTypeError(f"{text} is no address: it begins with https:// or http://")
    return text


class Command(BaseCommand):
    help = "List, fetch, install, verify and remove weights. Installed ones are used at once."
    requires_system_checks = ()  # an override that cannot be used is what this command repairs

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        listed = actions.add_parser("list", help="all weights, and what each variant uses")
        listed.add_argument("--json", action="store_true", help="for programs")
        fetch = actions.add_parser("fetch", help="download DeOldify's checkpoints and install them")
        fetch.add_argument("name", choices=ENTRIES, metavar="NAME", help=", ".join(ENTRIES))
        fetch.add_argument(
            "--from",
            dest="addresses",
            nargs="+",
            type=_web_address,
            default=(),
            metavar="ADDRESS",
            help="instead of its usual address, the first that answers",
        )
        install = actions.add_parser("install", help="install a .pth or .safetensors file")
        install.add_argument("file", type=Path, metavar="FILE")
        install.add_argument("--variant", choices=VARIANTS, help="when the file does not say")
        for action in (fetch, install):
            action.add_argument(
                "--accept-changed",
                action="store_true",
                help="take the file though it is not the one that came the first time",
            )
        actions.add_parser("verify", help="compare all files with what was recorded")
        remove = actions.add_parser("remove", help="delete installed weights")
        remove.add_argument("name", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["action"])(settings.WEIGHTS_DIR, options)
        except ColorizerError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The folder for weights cannot be used ({error}): check WEIGHTS_DIR."
            ) from error
        except KeyboardInterrupt:
            self.stderr.write("Interrupted. The same command goes on with what has come so far.")
            raise SystemExit(INTERRUPTED) from None

    def list(self, folder: Path, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(listing.as_data(folder), indent=2))
        else:
            self.stdout.write("\n".join(listing.as_lines(folder)))

    def fetch(self, folder: Path, options: dict[str, Any]) -> None:
        entry = ENTRIES[options["name"]]
        installed = installing.fetch(
            folder, entry, options["addresses"], accept_changed=options["accept_changed"]
        )
        self.tell(installed)

    def install(self, folder: Path, options: dict[str, Any]) -> None:
        installed = installing.install(
            folder,
            options["file"],
            options["variant"],
            accept_changed=options["accept_changed"],
        )
        self.tell(installed)

    def tell(self, installed: InstalledWeights) -> None:
        self.stdout.write(
            f"Installed {installed.name} ({installed.architecture}, {installed.bytes:,} bytes) "
            f"for the variant {installed.variant}.\n"
            f"SHA-256 of the file that came: {installed.source_sha256}\n"
            f"SHA-256 of the file installed: {installed.sha256}"
        )

    def verify(self, folder: Path, options: dict[str, Any]) -> None:
        damaged = []
        for name, problem in installing.problems(folder):
            self.stdout.write(f"{name}: {problem or 'as it should be'}")
            if problem:
                damaged.append(name)
        if damaged:
            raise CommandError(f"{', '.join(damaged)}: fetch or install again, or remove.")

    def remove(self, folder: Path, options: dict[str, Any]) -> None:
        installing.remove(folder, options["name"])
        self.stdout.write(f"Removed {options['name']}.")
