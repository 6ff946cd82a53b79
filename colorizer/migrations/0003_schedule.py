from django.db import migrations


def create_schedule(apps, schema_editor):
    Schedule = apps.get_model("django_q", "Schedule")
    Schedule.objects.get_or_create(
        name="recover jobs",
        defaults={
            "func": "colorizer.tasks.recover_jobs",
            "schedule_type": "I",
            "minutes": 1,
        },
    )


def delete_schedule(apps, schema_editor):
    apps.get_model("django_q", "Schedule").objects.filter(name="recover jobs").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("colorizer", "0002_initial"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [migrations.RunPython(create_schedule, delete_schedule)]
