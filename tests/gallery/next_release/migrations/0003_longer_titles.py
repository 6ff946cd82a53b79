from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gallery", "0002_search_without_accents")]

    operations = [
        migrations.AlterField("album", "title", models.CharField(max_length=1000)),
        migrations.AlterField("photo", "title", models.CharField(max_length=1000)),
    ]
