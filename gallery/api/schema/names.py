"""Names of operations, which become the names of methods in generated clients, and the subjects they are grouped by."""

from __future__ import annotations

from typing import Final

VERBS: Final = {"GET": "get", "POST": "create", "PUT": "replace", "PATCH": "update"}

TAGS: Final[dict[str, tuple[str, str]]] = {
    "me": ("account", "Who you are, and the end of your account."),
    "jobs": (
        "jobs",
        "What works on your pictures and files: following it, stopping it, trying it again.",
    ),
    "albums": ("albums", "Albums and their sections."),
    "sections": ("albums", ""),
    "photos": ("photos", "Photos: finding, describing, moving and fetching them."),
    "timeline": ("photos", ""),
    "duplicates": ("photos", ""),
    "people": ("labels", "People, tags and places of your photos."),
    "tags": ("labels", ""),
    "places": ("labels", ""),
    "uploads": ("uploads", "Large files, sent in parts (tus 1.0)."),
    "colorize": ("colorizations", ""),
    "colorizations": ("colorizations", "Color versions of photos, and the jobs that make them."),
    "archives": ("archives", "Zip files of photos, albums and everything."),
    "notices": ("notices", "What is done."),
    "moderation": ("moderation", "For staff: reports, hiding, suspending, and the log of it."),
    "schema": ("site", "What this site takes, and the description of its API."),
    "webhooks": ("webhooks", "Addresses that are told when jobs end."),
    "deliveries": ("webhooks", ""),
    "shares": ("shares", "Links to albums and photos, and what they open."),
    "shared": ("shares", ""),
    "trash": ("trash", "What was deleted, for 30 days."),
}
"""By the first word of the path."""


def tag(words: list[str]) -> str:
    name, _description = TAGS.get(words[0], (words[0], ""))
    return name


def operation_id(path: str, method: str, *, is_list: bool, is_action: bool) -> str:
    """Like `list_album_photos`, `get_album` or `cancel_colorization`.

    Args:
        path: below the root of the API.
        is_list: the response is a list.
        is_action: the address can do this and nothing else.
    """
    words = _words(path)
    if words[0] == "me" and len(words) > 1:
        words[0] = "my"
    *before, last = words
    if is_action and not _is_plural(last):
        return "_".join([last, *before])
    if method == "GET" and is_list:
        return "_".join(["list", *words])
    verb = "delete" if method == "DELETE" else VERBS[method]
    return "_".join([verb, *before, _singular(last) if method == "POST" and not is_list else last])


def _words(path: str) -> list[str]:
    """A plural is one of them when a key follows: albums/{id}/photos is album, photos."""
    parts = path.strip("/").replace("-", "_").split("/")
    followers = [*parts[1:], ""]
    return [
        _singular(part) if following.startswith("{") else part
        for part, following in zip(parts, followers, strict=True)
        if not part.startswith("{")
    ]


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us"))


def _singular(word: str) -> str:
    if word == "people":
        return "person"
    if not _is_plural(word):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
