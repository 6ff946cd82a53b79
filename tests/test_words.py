"""The words of the project: American spelling, and standard terms instead of private vocabulary."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from colorsite.environment import BASE_DIR

SPELLING = {
    r"analys(?:e|ed|es|ing)\b(?<!\banalyses)": "analyze",
    r"artefact": "artifact",
    r"behaviour": "behavior",
    r"cancelling": "canceling",  # but the state is "cancelled"
    r"catalogue": "catalog, or model registry",
    r"centre": "center",
    # But for the title of a paper.
    r"(?:re|dis|multi)?colour(?!fulness in natural)": "color",
    r"defence": "defense",
    r"e-mail": "email",
    r"favour": "favor",
    r"fibre": "fiber",
    r"for ever\b": "forever",
    r"grey(?!16)": "gray",  # libvips calls one of its interpretations "grey16"
    r"harbour": "harbor",
    r"honour": "honor",
    r"(?:un|re|de|dis)?"
    r"(?:organ|optim|normal|recogn|initial|serial|summar|standard|util|minim|maxim|categor|custom|"
    r"priorit|sanit|author|apolog|visual|general|synchron|parametr|quant|digit|final|capital|"
    r"character|memor|material|special|equal|local|token|vector|real|emphas|critic|modern|color|"
    r"stabil|random|regular|binar|discret|symbol|polar|linear|central)"
    r"is(?:e|ed|er|es|ers|ing|able|ation|ations)\b": "-ize",
    r"judgement": "judgment",
    r"(?<!aria-)(?:label|level|model|signal|travel|channel|total)l(?:ed|ing)\b": "one l",
    r"learnt\b": "learned",
    r"licence": "license",
    r"(?:kilo|centi|milli)?metres?\b": "meter",
    r"mould\b": "mold",
    r"neighbour": "neighbor",
    r"per cent\b": "percent",
    r"programme\b": "program",
    r"towards\b": "toward",
    r"untick": "uncheck",
    r"(?:whilst|amongst)\b": "while, among",
}

TERMS = {
    r"bells?\b|rung\b": "wake-up, notify",
    r"hearts?\b|beats?\b": "lease, renew, heartbeat",
    r"(?:whose|its|their) turn\b": "scheduling, in queue",
    r"warm(?:s|ed|er)?\b(?!-up)": "model cache, loaded",
    r"twins?\b": "cached result, duplicate",
    r"canar(?:y|ies)": "health probe",
    r"(?<!from )\bscratch\b": "temporary folder",
    r"orphan": "storage clean-up, file without a record",
    r"(?:re)?paint(?:s|ed|ing)?\b": "predict, colorize",
    r"intake\b": "upload validation",
    r"rights\b": "permissions",
    r"answers?(?=\.(?:content|context|json|returncode|status_code|stdout)\b)": "response",
    r"standing\b": "account status",
    r"trunks?\b": "pretrain",
    r"rooms\b|houses?\b|arrows?\b(?! keys?)": "packages, layers, dependencies",
    r"doors?\b": "page to log in, access",
    r"shoebox": "many photos",
    r"sign(?:ed|ing|s)?[ -]in\b": "log in",
    r"pairs?\b": "colorization, version",
}

ALLOWED = {
    # Two pictures, or two frames.
    "pair": (
        "colorizer/engine/",
        "colorizer/evaluation/",
        "colorizer/training/",
        "docs/training",
        "tests/colorizer/",
    ),
    # libvips calls a method so.
    "colour": ("colorizer/engine/imageio/",),
    # allauth describes its part of the API.
    "signed in": ("docs/openapi",),
    "sign-in": ("docs/openapi",),
    "toward": ("docs/openapi",),
    # Of colors.
    "warmer": (
        "gallery/versions.py",
        "locale/",
        "tests/browser/test_adjust.py",
        "tests/gallery/test_page_photo.py",
    ),
    # The copyright in a picture's metadata.
    "right": ("colorizer/engine/", "tests/colorizer/engine/"),
}

NOT_OURS = ("LICENSE", "package-lock.json", "colorizer/engine/weights/", "tests/test_words.py")
NO_TEXT = {".npz", ".tsv", ".safetensors", ".svg"}

REPLACEMENTS = list({**SPELLING, **TERMS}.items())
# At the start of a word, or of a word in an identifier.
ANY = re.compile(r"(?<![a-z])(?:" + "|".join(f"({pattern})" for pattern, _ in REPLACEMENTS) + ")")


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Path and content of each text file that is under version control."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=BASE_DIR, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, names.split("\0")):
        content = BASE_DIR / name
        if name.startswith(NOT_OURS) or PurePosixPath(name).suffix in NO_TEXT:
            continue
        if content.is_file() and b"\0" not in (raw := content.read_bytes()):
            yield name, raw.decode(errors="replace")


def wrong_words(name: str, text: str) -> Iterator[str]:
    """One line for each word of a file, or of its name, that has a better one."""
    # The name is line 0.
    for number, line in enumerate([name, *text.splitlines()]):
        for match in ANY.finditer(line.lower()):
            allowed = ALLOWED.get(match[0].removesuffix("s"), ())
            if not name.startswith(allowed):
                replacement = REPLACEMENTS[(match.lastindex or 0) - 1][1]
                yield f"{name}:{number}: “{match[0]}” -> {replacement}"


def test_every_text_uses_the_words_of_the_project() -> None:
    if not (BASE_DIR / ".git").exists():
        pytest.skip("asks git which files are ours: this is no clone")
    wrong = [line for name, text in tracked_texts() for line in wrong_words(name, text)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The colours of the harbour", ["“colour” -> color", "“harbour” -> harbor"]),
        ("an optimised network", ["“optimised” -> -ize"]),
        ("waits for its turn", ["“its turn” -> scheduling, in queue"]),
        ("assert answer.status_code == 200", ["“answer” -> response"]),
    ],
)
def test_a_wrong_word_is_named_with_file_line_and_replacement(
    text: str, expected: list[str]
) -> None:
    assert list(wrong_words("page.html", f"\n{text}")) == [
        f"page.html:2: {one}" for one in expected
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The job is cancelled; a heartbeat renews its lease.",
        '<section aria-labelledby="albums">',
        "The arrow keys move the divider. A train from scratch, with a warm-up.",
        "It raises no noise, and turns right at the analyses.",
    ],
)
def test_the_same_letters_in_other_words_are_fine(text: str) -> None:
    assert not list(wrong_words("page.html", text))
