from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("colorizer", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="colorization", name="colorization_result_of_owner"),
        migrations.AddIndex(
            model_name="colorization",
            index=models.Index(
                fields=["owner", "source", "variant"],
                condition=models.Q(result__isnull=False, seconds=None, trashed_at=None),
                name="colorization_result_of_owner",
            ),
        ),
    ]
