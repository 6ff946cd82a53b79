"""Requests drawn by chance: every route, with the right values, the wrong ones, and junk."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from random import Random
from typing import Final
from urllib.parse import quote

from django.contrib import admin
from django.urls import reverse

from tests.factories import picture_bytes
from tests.fuzz import junk
from tests.fuzz.routes import routes
from tests.fuzz.scene import VISITORS, Scene

METHODS: Final = (
    *("GET",) * 6, *("POST",) * 6, "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "ODD",
)  # fmt: skip
CSRF: Final = "c" * 32
FIELDS: Final = {
    "title": "Trip",
    "description": "By the sea",
    "visibility": "public",
    "variant": "stable",
    "render_factor": "20",
    "album": "album",
    "action": "cancel",
    "job": "job",
    "error_code": "internal_error",
    "_selected_action": "photo",
    "select_across": "1",
    "index": "0",
    "reason": "other",
    "details": "Look at it",
    "email": "somebody@example.org",
    "login": "somebody@example.org",
    "password": "a long enough password",
    "password1": "a long enough password",
    "password2": "a long enough password",
    "new_password": "a long enough password",
    "current_password": "a long enough password",
    "name": "Somebody",
    "key": "",  # one of junk.RESET_KEYS
    "code": "123456",
    "next": "/explore/",
    "action_send": "",
    "action_remove": "",
    "post": "yes",
    "photos": "photo",
    "confirmed": "1",
    "image": "",
}
QUERIES: Final = {
    "page": "1",
    "page_size": "2",
    "format": "json",
    "part": "stage",
    "version": "colorization",
    "next": "/explore/",
    "q": "a",
    "o": "1.-2",
    "p": "1",
    "all": "",
    "e": "1",
    "_popup": "1",
    "_to_field": "id",
    "_changelist_filters": "q=a",
    "hidden": "yes",
    "open": "no",
    "kind": "colorize",
}
LOOKUPS: Final = (
    "", "__exact", "__gte", "__lt", "__in", "__isnull", "__year", "__month", "__day", "__regex",
    "__id__exact", "__pk__in", "__date", "__nope", "__contains", "__range",
)  # fmt: skip
ACTIONS: Final = (
    "delete_selected", "hide", "restore", "hide_photo", "dismiss", "retry", "cancel", "urgent", "suspend", "reinstate",
    "publish", "unpublish", "nope",
)  # fmt: skip
PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Drawn:
    """A request; path, query and headers in latin-1, as WSGI has them."""

    visitor: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    content_type: str
    body: bytes


class Drawing:
    """Draws requests; the same number and seed give the same one, but for the keys of the scene."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lists = {
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"): model
            for model in admin.site._registry
        }
        # Lists of staff take filters and actions of all kinds: they come more often.
        self._routes = routes() + list(self._lists) * 4

    def draw(self, number: int, scene: Scene) -> Drawn:
        chance = Random(f"{self._seed} {number}")  # noqa: S311  (chance, not secrets)
        route = chance.choice(self._routes)
        return _Draw(chance, scene, self._columns_of(route)).request(route)

    def _columns_of(self, route: str) -> list[str]:
        model = self._lists.get(route)
        return [field.name for field in model._meta.get_fields()] if model else []


class _Draw:
    def __init__(self, chance: Random, scene: Scene, columns: list[str]) -> None:
        self._chance = chance
        self._scene = scene
        self._columns = columns

    def request(self, route: str) -> Drawn:
        is_for_staff = route.startswith("/admin/") and self._happens(0.8)
        visitor = "staff" if is_for_staff else self._chance.choice(VISITORS)
        method = self._chance.choice(METHODS)
        is_upload = "/uploads/" in route and self._happens(0.9)
        content_type, body = ("", b"") if method in ("GET", "HEAD") else self._body()
        if is_upload and body:
            content_type = "application/offset+octet-stream"
        if self._happens(0.05):
            content_type = self._chance.choice(junk.CONTENT_TYPES)
        return Drawn(
            visitor=visitor,
            method=method,
            path=self._path(route),
            query=self._query() if self._happens(0.8 if self._columns else 0.4) else "",
            headers=self._headers(visitor) | (self._upload_headers() if is_upload else {}),
            content_type=content_type,
            body=body,
        )

    def _happens(self, probability: float) -> bool:
        return self._chance.random() < probability

    def _path(self, route: str) -> str:
        path = PLACEHOLDER.sub(self._key, route)
        return path + self._chance.choice(junk.TEXTS) if self._happens(0.03) else path

    def _key(self, placeholder: re.Match[str]) -> str:
        """Mostly of an object that the route is about, or whatever the placeholder asks for."""
        before = placeholder.string[: placeholder.start()]
        words = [name for name in self._scene.keys if name in before or name == placeholder[1]]
        if placeholder[1] in words and self._happens(0.7):
            return self._scene.keys[placeholder[1]]
        if words and self._happens(0.7):
            return self._scene.keys[max(words, key=before.rfind)]
        return self._value(self._chance.choice(list(self._scene.keys)))

    def _value(self, usual: str) -> str:
        """The usual value (a key, when it names an object), one of another field, or junk."""
        if self._happens(0.5):
            return self._scene.keys.get(usual, usual)
        if self._happens(0.3):
            return self._chance.choice([*self._scene.keys.values(), self._scene.email])
        return self._chance.choice(junk.TEXTS)

    def _query(self) -> str:
        names = self._chance.sample(list(QUERIES), self._chance.randint(1, 3))
        parameters = [(name, self._value(QUERIES[name])) for name in names]
        if self._happens(0.2):
            parameters.append(("cursor", self._cursor()))
        if self._columns:
            lookup = self._chance.choice(self._columns) + self._chance.choice(LOOKUPS)
            parameters.append((lookup, self._value("1")))
        if self._happens(0.05):
            return self._chance.choice(junk.TEXTS)
        return "&".join(f"{name}={quote(value, encoding='latin-1')}" for name, value in parameters)

    def _cursor(self) -> str:
        parts = [f"{name}={quote(self._value('1'), encoding='latin-1')}" for name in "opr"]
        cursor = "&".join(self._chance.sample(parts, self._chance.randint(1, 3)))
        return b64encode(cursor.encode()).decode()

    def _headers(self, visitor: str) -> dict[str, str]:
        session = self._scene.sessions.get(visitor, "")
        cookies = [f"csrftoken={CSRF}"] if self._happens(0.9) else []
        headers = {"X_CSRFTOKEN": CSRF}
        if session and self._happens(0.3):
            headers["X_SESSION_TOKEN"] = session
        elif session:
            cookies.append(f"sessionid={session}")
        if self._happens(0.05):
            cookies.append(self._chance.choice(junk.COOKIES))
        if self._happens(0.2):
            name = self._chance.choice(list(junk.HEADERS))
            headers[name] = self._chance.choice(junk.HEADERS[name])
        return {"COOKIE": "; ".join(cookies), "HOST": "127.0.0.1", **headers}

    def _upload_headers(self) -> dict[str, str]:
        return {
            name: values[0] if self._happens(0.6) else self._chance.choice(values)
            for name, values in junk.UPLOAD_HEADERS.items()
            if name in ("TUS_RESUMABLE", "UPLOAD_LENGTH") or self._happens(0.4)
        }

    def _body(self) -> tuple[str, bytes]:
        if self._happens(0.08):
            return self._chance.choice(junk.CONTENT_TYPES), self._chance.choice(junk.BODIES)
        return self._chance.choice([self._form, self._form, self._json, self._multipart])()

    def _fields(self) -> dict[str, str]:
        names = self._chance.sample(list(FIELDS), self._chance.randint(1, len(FIELDS)))
        fields = {name: self._value(self._usual(name)) for name in names}
        if self._happens(0.5):
            fields.update(action=self._chance.choice(ACTIONS), _selected_action=self._value("job"))
        return fields

    def _usual(self, name: str) -> str:
        return self._chance.choice(junk.RESET_KEYS) if name == "key" else FIELDS[name]

    def _form(self) -> tuple[str, bytes]:
        parameters = [
            f"{name}={quote(v, encoding='latin-1')}" for name, v in self._fields().items()
        ]
        return "application/x-www-form-urlencoded", "&".join(parameters).encode("latin-1")

    def _json(self) -> tuple[str, bytes]:
        members = [f'"{name}": {self._json_value(name)}' for name in self._fields()]
        return "application/json", ("{" + ", ".join(members) + "}").encode()

    def _json_value(self, name: str) -> str:
        if self._happens(0.6):
            usual = self._usual(name)
            return f'"{self._scene.keys.get(usual, usual)}"'
        return self._chance.choice(junk.JSON_VALUES)

    def _multipart(self) -> tuple[str, bytes]:
        parts = [
            self._part(f'Content-Disposition: form-data; name="{name}"', value.encode("latin-1"))
            for name, value in self._fields().items()
            if name not in ("photos", "image")
        ]
        if self._happens(0.5):
            name = self._chance.choice(["photos", "image", "title", "album"])
            header = f'Content-Disposition: form-data; name="{name}"; filename="a.jpg"'
            content = picture_bytes() if self._happens(0.3) else b"no picture"
            parts.append(self._part(header, content))
        if self._happens(0.3):
            parts.append(self._part(self._chance.choice(junk.PART_HEADERS), b"text"))
        return "multipart/form-data; boundary=x", b"".join(parts) + b"--x--\r\n"

    def _part(self, headers: str, content: bytes) -> bytes:
        return b"--x\r\n" + headers.encode("latin-1") + b"\r\n\r\n" + content + b"\r\n"
