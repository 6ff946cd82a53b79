"""What the tests of the admin pages share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import make_user


def make_moderator(*permissions: str) -> User:
    """A member of staff with these permissions ("gallery.change_photo") and no others."""
    user = make_user(is_staff=True)
    for permission in permissions:
        app, codename = permission.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        user.user_permissions.add(found)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(model: type[Model], name: str, obj: Model | None = None) -> str:
    options = model._meta
    args = [obj.pk] if obj is not None else None
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=args)


def act(client: Client, action: str, objects: Iterable[Model], **answers: str) -> Any:
    """Run an action of a list as the browser does, following its redirect."""
    objects = list(objects)
    data = {"action": action, "_selected_action": [str(obj.pk) for obj in objects], **answers}
    return client.post(page(type(objects[0]), "changelist"), data, follow=True)


def log_of(obj: Model) -> list[str]:
    entries = LogEntry.objects.filter(object_id=str(obj.pk))
    return [entry.get_change_message() for entry in entries]
