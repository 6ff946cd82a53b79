from __future__ import annotations

from typing import Any

from django.db import migrations

from filestore.services import in_batches
from gallery.search_text import PHOTOS_PER_QUERY, without_accents


def strip_accents(apps: Any, _: Any) -> None:
    photos = apps.get_model("gallery", "Photo").objects
    keys = list(photos.values_list("pk", flat=True))
    for some in in_batches(keys, PHOTOS_PER_QUERY):
        changed = []
        for photo in photos.filter(pk__in=some).only("search_text"):
            plain = without_accents(photo.search_text)
            if plain != photo.search_text:
                photo.search_text = plain
                changed.append(photo)
        photos.bulk_update(changed, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [("gallery", "0001_initial")]

    operations = [migrations.RunPython(strip_accents, migrations.RunPython.noop)]
