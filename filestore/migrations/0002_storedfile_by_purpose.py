from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("filestore", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(fields=["purpose", "bytes"], name="storedfile_by_purpose"),
        ),
    ]
