import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('colorizer', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('privacy', 'It shows me or my family without consent'), ('copyright', 'It infringes a copyright'), ('offensive', 'It is violent, hateful or sexual'), ('misleading', 'It is used to mislead'), ('other', 'Something else')], max_length=12)),
                ('details', models.TextField(blank=True, max_length=2000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('outcome', models.CharField(blank=True, choices=[('hidden', 'Photo hidden'), ('dismissed', 'Dismissed')], max_length=10)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('colorization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='colorizer.colorization')),
                ('reporter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': [models.OrderBy(models.F('resolved_at'), nulls_first=True), '-created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('resolved_at__isnull', True)), models.Q(models.Q(('outcome', ''), _negated=True), ('resolved_at__isnull', False)), _connector='OR'), name='report_outcome_iff_resolved'), models.UniqueConstraint(condition=models.Q(('resolved_at', None)), fields=('colorization', 'reporter'), name='report_once_per_reporter_while_open')],
            },
        ),
    ]
