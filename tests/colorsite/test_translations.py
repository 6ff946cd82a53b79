"""What is in the catalogs is translated, with the same placeholders; what is marked is found and compiled."""

from __future__ import annotations

import gettext
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Message
from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.pofile import read_po
from django.conf import settings
from django.forms import ModelForm
from django.test import Client
from django.utils.translation import override, to_locale
from pytest_django.asserts import assertContains, assertNotContains

from colorsite.translations import LOCALE_DIR, compile_catalogs, extract_template
from tests import ROOT

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
FOLDERS = [LOCALE_DIR / to_locale(code) / "LC_MESSAGES" for code in LANGUAGES]
CATALOGS = [folder / f"{domain}.po" for folder in FOLDERS for domain in ("django", "djangojs")]
each_catalog = pytest.mark.parametrize(
    "catalog", CATALOGS, ids=lambda path: f"{path.parts[-3]}-{path.stem}"
)


def messages(catalog: Path) -> list[Message]:
    with catalog.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, tuple | list) else [str(value)]


@each_catalog
def test_everything_in_the_catalog_is_translated(catalog: Path) -> None:
    missing = [message.id for message in messages(catalog) if not all(texts(message.string))]
    assert missing == [], "Run make messages, and translate what is empty."


@each_catalog
def test_placeholders_are_the_same(catalog: Path) -> None:
    for message in messages(catalog):
        known = set(PLACEHOLDER.findall(texts(message.id)[-1]))
        for text in texts(message.string):
            assert set(PLACEHOLDER.findall(text)) == known, message.id


@each_catalog
def test_nothing_is_guessed(catalog: Path) -> None:
    assert [message.id for message in messages(catalog) if message.fuzzy] == []


@pytest.mark.slow
@each_catalog
def test_what_is_marked_in_the_code_is_in_the_catalog(catalog: Path, tmp_path: Path) -> None:
    found = tmp_path / "found.pot"
    command = extraction(catalog.stem, found)
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    known = {(message.context, message.id) for message in messages(catalog)}
    marked = {(message.context, message.id) for message in messages(found)}
    assert marked - known == set(), "Run make messages, and translate what is new."


def extraction(domain: str, target: Path) -> list[str]:
    """As the Makefile has it."""
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ").replace("$$domain", domain)
    line = next(line for line in makefile.splitlines() if "pybabel --quiet extract" in line)
    words = shlex.split(line.partition("&&")[0])
    words = [str(target) if word == f"locale/{domain}.pot" else word for word in words]
    return [str(Path(sys.executable).parent / "pybabel"), *words[words.index("--quiet") :]]


def test_catalogs_are_compiled_when_they_changed(tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_bytes(CATALOGS[0].read_bytes())
    compile_catalogs(tmp_path)
    compile_catalogs(tmp_path)
    with (folder / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Cancel") == "取消"
    assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]


def test_what_is_marked_in_a_template_is_found() -> None:
    template = """
      <p title="it's">{% translate "One" %} {% include "x.html" with label=_("Two") %}</p>
          {% blocktranslate count number=photos|length trimmed %}
            {{ number }} "photo"
          {% plural %}
            {{ number }} photos
          {% endblocktranslate %}
      {% translate "May" context "month" %} {# {% translate "No" %} #}
    """
    found = extract_template(BytesIO(template.encode()), DEFAULT_KEYWORDS, [], {})
    assert [(line, function, text) for line, function, text, _comments in found] == [
        (2, "gettext", "One"),
        (2, "_", "Two"),
        (3, "ngettext", ('%(number)s "photo"', "%(number)s photos", None)),
        (8, "pgettext", ("month", "May")),
    ]


@pytest.mark.django_db
def test_scripts_speak_the_language_of_the_page(client: Client) -> None:
    chinese = {"Accept-Language": "zh-hans"}
    assertContains(client.get("/texts.js", headers=chinese), "Chosen twice")
    assertNotContains(client.get("/texts.js"), "Chosen twice")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_of_a_form_is_what_django_makes_of_a_field(language: str) -> None:
    """A form of a model has English labels for fields that it gives none."""
    import_module(settings.ROOT_URLCONF)  # and with it all views and their forms
    forms = list(all_forms(ModelForm))
    assert len(forms) > 10
    for form in forms:
        for name, field in form.base_fields.items():
            if field.widget.is_hidden:
                continue
            with override("en"):
                english = str(field.label)
            with override(language):
                assert str(field.label) != english, f"{form.__name__}.{name}"


def all_forms(base: type[ModelForm[Any]]) -> Iterator[type[ModelForm[Any]]]:
    """Ours, those of the staff pages left out."""
    for form in base.__subclasses__():
        yield from all_forms(form)
        if form.__module__.startswith(("accounts.", "gallery.", "moderation.forms")):
            yield form
