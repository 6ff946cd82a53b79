from django.db import migrations


def delete_schedule_and_bells(apps, schema_editor):
    """The supervisor recovers jobs, and rings each cluster's own bell."""
    apps.get_model("django_q", "Schedule").objects.filter(name="recover jobs").delete()
    apps.get_model("django_q", "OrmQ").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("colorizer", "0005_clusters_and_turns"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [migrations.RunPython(delete_schedule_and_bells, migrations.RunPython.noop)]
