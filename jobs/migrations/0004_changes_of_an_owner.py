from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def owner(**options):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        editable=False,
        db_index=False,
        help_text="Of the job.",
        **options,
    )


def name_owners(apps, schema_editor):
    jobs = apps.get_model("jobs", "Job").objects.filter(pk=OuterRef("job_id"))
    apps.get_model("jobs", "JobEvent").objects.update(owner=Subquery(jobs.values("owner")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("jobs", "0003_error_params"),
    ]

    operations = [
        # The constraint comes last: PostgreSQL changes no table while it has rows to be checked.
        migrations.AddField("jobevent", "owner", owner(null=True, db_constraint=False)),
        migrations.RunPython(name_owners, migrations.RunPython.noop),
        migrations.AlterField("jobevent", "owner", owner()),
        migrations.AddIndex(
            "jobevent", models.Index(fields=["owner", "id"], name="jobevent_of_owner")
        ),
        migrations.AddIndex(
            "job",
            models.Index(fields=["owner", "-queued_at", "id"], name="job_newest_of_owner"),
        ),
    ]
