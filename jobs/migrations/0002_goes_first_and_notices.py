from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "job",
            "goes_first",
            models.BooleanField(
                default=False,
                editable=False,
                help_text="Before the other jobs of its owner that wait; to those of others it makes no difference.",
            ),
        ),
        migrations.RemoveIndex("job", "job_claim"),
        migrations.AddIndex(
            "job",
            models.Index(
                fields=["queue", "state", "priority", "-goes_first", "queued_at"], name="job_claim"
            ),
        ),
        migrations.AddField(
            "jobevent",
            "awaits_notice",
            models.BooleanField(
                default=False,
                editable=False,
                help_text="An end that no notice was made of yet.",
            ),
        ),
        migrations.AddIndex(
            "jobevent",
            models.Index(
                condition=models.Q(("awaits_notice", True)),
                fields=["job"],
                name="jobevent_awaits_notice",
            ),
        ),
    ]
