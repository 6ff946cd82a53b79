from django.db import migrations, models

HELP = "What takes the places of the placeholders in the text, which is in English."


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0002_goes_first_and_notices"),
    ]

    operations = [
        migrations.RemoveConstraint("attempt", "attempt_error_iff_failed"),
        migrations.RemoveConstraint("job", "job_error_iff_failed"),
        migrations.AddField(
            "attempt",
            "error_params",
            models.JSONField(blank=True, default=dict, editable=False, help_text=HELP),
        ),
        migrations.AddField(
            "job",
            "error_params",
            models.JSONField(blank=True, default=dict, editable=False, help_text=HELP),
        ),
        migrations.AddConstraint(
            "attempt",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome__in", ["failed", "lost"]),
                        models.Q(("error_code", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("outcome__in", ["failed", "lost"]), _negated=True),
                        ("error_code", ""),
                        ("error_params", {}),
                        ("error_text", ""),
                    ),
                    _connector="OR",
                ),
                name="attempt_error_iff_failed",
            ),
        ),
        migrations.AddConstraint(
            "job",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), models.Q(("error_code", ""), _negated=True)),
                    models.Q(
                        models.Q(("state", "failed"), _negated=True),
                        ("error_code", ""),
                        ("error_params", {}),
                        ("error_text", ""),
                    ),
                    _connector="OR",
                ),
                name="job_error_iff_failed",
            ),
        ),
    ]
