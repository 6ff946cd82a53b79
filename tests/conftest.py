"""What holds for every test: own files, no leftovers in the cache, cheap passwords; what was not run is said."""

from __future__ import annotations

import gc
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from filelock import FileLock
from pytest_django import DjangoDbBlocker, Settings

from colorizer.engine.threads import share_cores
from colorsite.translations import compile_catalogs
from tests import ROOT, needs, postgres
from tests.databases import migrate_sqlite, put_back_from_a_copy
from tests.s3 import s3_away, s3_server, s3_storage  # noqa: F401  (fixtures for every folder)

FOLDER = {"BACKEND": "filestore.storages.FolderStorage"}

IN_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
PLAIN_STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


# In the background of a shell, or under nohup, the tests and all they start would ignore these.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _leave_it_to_the_system(fd: object) -> None:
    """No test looks at what a power cut leaves, and each would wait for the disk a dozen times."""


os.fsync = _leave_it_to_the_system
os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off")  # alike, for PostgreSQL

# The processes of pytest-xdist share the cores: set before torch and libvips are loaded.
if workers := os.environ.get("PYTEST_XDIST_WORKER_COUNT"):
    share_cores(int(workers))

NUMBERS = itertools.count()
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With pytest-xdist, tests that share a fixture of their module run in one process."""
    for item in items:
        if _uses_database(item):
            item.add_marker(pytest.mark.database)
        if isinstance(item, pytest.Function) and _shares_a_fixture(item):
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}.{item.path.stem}"))


def _shares_a_fixture(item: pytest.Function) -> bool:
    definitions = item._fixtureinfo.name2fixturedefs.values()
    return any(fixture.scope == "module" for same_name in definitions for fixture in same_name)


class LongestFirst:
    """With several processes, none shall begin the longest work when the others have nothing left.

    Where a test empties the database (SQLite gets its rows back), what pytest-django has put in order
    stays so: such tests come after those that rely on what the migrations have put there.
    """

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: not _may_be_early(item))


def pytest_configure(config: pytest.Config) -> None:
    compile_catalogs()  # before Django reads them for the first time
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(LongestFirst())
    else:
        os.environ[postgres.RUN] = str(os.getpid())


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.drop_template()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests and all modules stay to the end: nobody need look through them for garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        # Requests leave thousands of objects that refer to each other: rarely, and many at once.
        gc.set_threshold(50_000, 20, 100)
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two more than cores with the slow tests: whole paths wait for processes of their own half of the time."""
    with_slow_ones = "not slow" not in config.option.markexpr
    return (psutil.cpu_count() or 1) + 2 * with_slow_ones


def _may_be_early(item: pytest.Item) -> bool:
    is_slow = item.get_closest_marker("slow") is not None
    return is_slow and (connection.vendor == "sqlite" or not _uses_database(item))


def _uses_database(item: pytest.Item) -> bool:
    fixtures = DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_runtest_setup(item: pytest.Item) -> None:
    if reason := needs.missing(item):
        pytest.skip(reason)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Iterator[None]:
    """One line before the last: what was not run, and why."""
    yield
    if config.option.collectonly:
        return
    skipped = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    parts = [f"{number} because {reason}" for reason, number in skipped.most_common()]
    if chosen := config.option.markexpr:
        parts.append(f"whatever is not '{chosen}'")
    terminalreporter.write_line(f"Not run: {'; '.join(parts) or 'nothing, all tests were run'}.")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Of a skip, as pytest keeps it: path, line, reason."""
    assert isinstance(report.longrepr, tuple)
    return report.longrepr[2].removeprefix("Skipped: ").removesuffix(".")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each process its own. SQLite in a file, as on a real site: threads and workers can share it."""
    if connection.vendor == "sqlite":
        own = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), own)
    else:
        own = _own_name()
        connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get(postgres.TEMPLATE)
    connection.settings_dict["TEST"]["NAME"] = own


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """What is copied is migrated already. It goes with the folder of the run."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def migrated_sqlite(shared_folder: Path) -> Path:
    """A database as the migrations leave it; made once a run, since they take seconds of a core."""
    return made_once(shared_folder / "migrated.sqlite3", migrate_sqlite)


def _own_name() -> str:
    return f"test_tintype_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            call_command("createcachetable", "cache", verbosity=0)
            stack.enter_context(put_back_from_a_copy(tmp_path_factory.mktemp("migrated")))
        yield


@pytest.fixture(scope="session")
def migrated_postgres() -> str:
    """As above on PostgreSQL: the name of the database."""
    return postgres.migrated_template()


@pytest.fixture(scope="module")
def standing_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For what is made once for all tests of a module: each finds it as it was made.

    A transaction around them, in which each test's own is rolled back.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def standing_media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the files of what is made once: each test of a module that asks for it has this folder."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def lasting_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Emptied after a module, not after each test: for workers that are started once for all.

    Its tests have the mark `django_db(transaction=True)`, too.
    """
    put_back = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: None)
        yield
    with django_db_blocker.unblock():
        put_back(TransactionTestCase("run"))


@pytest.fixture(scope="session", autouse=True)
def _surroundings_of_all() -> Iterator[None]:
    """Once: Django looks after each change of a setting what follows from it."""
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        # The manifest of static files exists only after collectstatic.
        STORAGES={"default": FOLDER, "staticfiles": PLAIN_STATIC_FILES},
        # Rate limits are counted in the cache, which is the database by default.
        CACHES=dict.fromkeys(settings.CACHES, IN_MEMORY),
        JOB_RETRY_SECONDS=0,
    ):
        yield


@pytest.fixture(autouse=True)
def _own_surroundings(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    stands = "standing_media" in request.fixturenames
    settings.MEDIA_ROOT = (
        request.getfixturevalue("standing_media") if stands else tmp_path / "media"
    )
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.WEIGHTS_DIR = tmp_path / "weights"
    cache.clear()


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Numbered by a counter: pytest's own looks through the folders of all tests for the next number."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    return tmp_path_factory.mktemp(f"{next(NUMBERS)}_{name}", numbered=False)


@pytest.fixture(scope="session")
def shared_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of one run: the processes of pytest-xdist have the same."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def artistic_pth(shared_folder: Path) -> Path:
    return _checkpoint_of("artistic", shared_folder)


@pytest.fixture(scope="session")
def wide_pth(shared_folder: Path) -> Path:
    return _checkpoint_of("wide", shared_folder)


def _checkpoint_of(name: str, folder: Path) -> Path:
    """A checkpoint as DeOldify's, from a process of its own, which gives its 2 GB back."""
    module = "tests.colorizer.engine.deoldify.parity_weights"

    def make(path: Path) -> None:
        subprocess.run([sys.executable, "-m", module, name, path], cwd=ROOT, check=True)

    return made_once(folder / f"{name}.pth", make)


def made_once(path: Path, make: Callable[[Path], None]) -> Path:
    """By whichever process comes first; the others wait for it."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    with FileLock(f"{path}.lock"):
        if not path.exists():
            make(unfinished)
            unfinished.rename(path)
    return path
