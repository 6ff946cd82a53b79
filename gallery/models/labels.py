"""Names that owners give to photos: tags, and the people in them."""

from __future__ import annotations

import uuid
from typing import Final

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_noop

from accounts.models import User


class Label(models.Model):
    """A name that an owner gives to photos. Upper and lower case make no difference."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="%(class)ss")
    name = models.CharField(max_length=100)

    class Meta:
        abstract = True
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="%(class)s_has_a_name", condition=~Q(name="")),
            models.UniqueConstraint("owner", Lower("name"), name="%(class)s_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(Label):
    deleted_text: Final = gettext_noop("The tag was deleted.")


class Person(Label):
    """Somebody who is in photos."""

    deleted_text: Final = gettext_noop("The person was deleted.")

    class Meta(Label.Meta):
        verbose_name_plural = "people"
