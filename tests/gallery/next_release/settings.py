from colorsite.settings import *  # noqa: F403

MIGRATION_MODULES = {"gallery": "tests.gallery.next_release.migrations"}
