import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(editable=False, max_length=60)),
                ('labels', models.CharField(editable=False, max_length=500)),
                ('value', models.FloatField(editable=False)),
            ],
            options={
                'ordering': ['name', 'labels', 'id'],
                'indexes': [models.Index(fields=['name', 'labels'], name='counter_name_labels')],
                'constraints': [models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='counter_only_grows')],
            },
        ),
        migrations.CreateModel(
            name='WorkerCluster',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('queue', models.CharField(choices=[('photos', 'Photos'), ('videos', 'Videos'), ('files', 'Files')], default='photos', max_length=6)),
                ('host', models.CharField(max_length=255)),
                ('workers', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('watched_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='When its supervisor last looked after it.')),
                ('probe_answered_at', models.DateTimeField(help_text='When a worker last answered a health probe.', null=True)),
                ('alive_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='Last sign of life: an answer to a health probe or a heartbeat.')),
                ('is_draining', models.BooleanField(default=False, help_text='It ends and begins no new jobs.')),
            ],
            options={
                'ordering': ['queue', 'host', 'started_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('queue__in', ['photos', 'videos', 'files'])), name='cluster_known_queue'), models.CheckConstraint(condition=models.Q(('workers__gt', 0)), name='cluster_has_workers')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(editable=False, max_length=40)),
                ('queue', models.CharField(choices=[('photos', 'Photos'), ('videos', 'Videos'), ('files', 'Files')], editable=False, max_length=6)),
                ('priority', models.PositiveSmallIntegerField(choices=[(0, 'Normal'), (1, 'Urgent')], default=0, editable=False)),
                ('goes_first', models.BooleanField(default=False, editable=False, help_text='Before the other jobs of its owner that wait; to those of others it makes no difference.')),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('succeeded', 'Succeeded'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', editable=False, max_length=9)),
                ('progress', models.PositiveSmallIntegerField(default=0, editable=False, help_text='Percent.')),
                ('attempts_made', models.PositiveSmallIntegerField(default=0, editable=False, help_text='Since a person last queued it.')),
                ('lease_token', models.UUIDField(editable=False, null=True)),
                ('lease_expires_at', models.DateTimeField(editable=False, null=True)),
                ('error_code', models.CharField(blank=True, editable=False, max_length=40)),
                ('error_text', models.CharField(blank=True, editable=False, max_length=500)),
                ('error_params', models.JSONField(blank=True, default=dict, editable=False, help_text='What takes the places of the placeholders in the text, which is in English.')),
                ('queued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('started_at', models.DateTimeField(editable=False, null=True)),
                ('finished_at', models.DateTimeField(editable=False, null=True)),
                ('duration', models.DurationField(editable=False, help_text='From start to finish of the last attempt.', null=True)),
                ('owner', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                ('cluster', models.ForeignKey(editable=False, help_text='Whose worker runs it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='running', to='jobs.workercluster')),
            ],
            options={
                'ordering': ['-queued_at', 'id'],
                'indexes': [models.Index(fields=['queue', 'state', 'priority', '-goes_first', 'queued_at'], name='job_claim'), models.Index(fields=['queue', 'started_at'], name='job_served'), models.Index(fields=['owner', 'state'], name='job_of_owner'), models.Index(fields=['owner', '-queued_at', 'id'], name='job_newest_of_owner'), models.Index(fields=['owner', 'finished_at'], name='job_ended_of_owner'), models.Index(fields=['queue', 'state', '-finished_at'], name='job_latest'), models.Index(condition=models.Q(('state', 'running')), fields=['lease_expires_at'], name='job_lease')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'succeeded', 'failed', 'cancelled'])), name='job_known_state'), models.CheckConstraint(condition=models.Q(('kind', ''), _negated=True), name='job_has_a_kind'), models.CheckConstraint(condition=models.Q(('queue__in', ['photos', 'videos', 'files'])), name='job_known_queue'), models.CheckConstraint(condition=models.Q(('priority__in', [0, 1])), name='job_known_priority'), models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='job_progress_is_percent'), models.CheckConstraint(condition=models.Q(('attempts_made__lte', 3)), name='job_attempts_bounded'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'queued'), _negated=True), ('attempts_made__lt', 3), _connector='OR'), name='job_queued_has_attempts_left'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), models.Q(('attempts_made__gte', 1), ('started_at__isnull', False)), _connector='OR'), name='job_running_is_an_attempt'), models.CheckConstraint(condition=models.Q(('cluster', None), ('state', 'running'), _connector='OR'), name='job_cluster_only_while_running'), models.CheckConstraint(condition=models.Q(models.Q(('lease_expires_at__isnull', False), ('lease_token__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_expires_at', None), ('lease_token', None)), _connector='OR'), name='job_lease_iff_running'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'succeeded'), _negated=True), models.Q(('attempts_made__gte', 1), ('duration__isnull', False), ('progress', 100)), _connector='OR'), name='job_complete_when_succeeded'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), models.Q(('error_code', ''), _negated=True)), models.Q(models.Q(('state', 'failed'), _negated=True), ('error_code', ''), ('error_params', {}), ('error_text', '')), _connector='OR'), name='job_error_iff_failed'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ['succeeded', 'failed', 'cancelled'])), models.Q(('finished_at', None), ('state__in', ['queued', 'running'])), _connector='OR'), name='job_finished_iff_terminal')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False)),
                ('worker', models.CharField(editable=False, help_text='Host and process.', max_length=255)),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('finished_at', models.DateTimeField(editable=False, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Running'), ('succeeded', 'Succeeded'), ('failed', 'Failed'), ('lost', 'Lost: the worker fell silent'), ('cancelled', 'Cancelled'), ('returned', 'Returned: the workers were stopped')], default='', editable=False, max_length=9)),
                ('error_code', models.CharField(blank=True, editable=False, max_length=40)),
                ('error_text', models.CharField(blank=True, editable=False, max_length=500)),
                ('error_params', models.JSONField(blank=True, default=dict, editable=False, help_text='What takes the places of the placeholders in the text, which is in English.')),
                ('job', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='jobs.job')),
            ],
            options={
                'ordering': ['job', 'number'],
                'constraints': [models.UniqueConstraint(fields=('job', 'number'), name='attempt_number_once'), models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('job',), name='attempt_one_at_a_time'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='attempt_counts_from_one'), models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'succeeded', 'failed', 'lost', 'cancelled', 'returned'])), name='attempt_known_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='attempt_outcome_iff_finished'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['failed', 'lost']), models.Q(('error_code', ''), _negated=True)), models.Q(models.Q(('outcome__in', ['failed', 'lost']), _negated=True), ('error_code', ''), ('error_params', {}), ('error_text', '')), _connector='OR'), name='attempt_error_iff_failed')],
            },
        ),
        migrations.CreateModel(
            name='JobEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('succeeded', 'Succeeded'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], editable=False, max_length=9)),
                ('attempt', models.PositiveIntegerField(editable=False, help_text='The one that began or ended.', null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('awaits_notice', models.BooleanField(default=False, editable=False, help_text='An end that no notice was made of yet.')),
                ('job', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='jobs.job')),
                ('owner', models.ForeignKey(db_index=False, editable=False, help_text='Of the job.', on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('awaits_notice', True)), fields=['job'], name='jobevent_awaits_notice'), models.Index(fields=['owner', 'id'], name='jobevent_of_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'succeeded', 'failed', 'cancelled'])), name='jobevent_known_state')],
            },
        ),
    ]
