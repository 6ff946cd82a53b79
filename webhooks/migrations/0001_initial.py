import django.db.models.deletion
import django.db.models.functions.datetime
import gallery.moments
import uuid
import webhooks.encryption
import webhooks.signing
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('type', models.CharField(choices=[('job.succeeded', 'A job has succeeded'), ('job.failed', 'A job has failed'), ('job.cancelled', 'A job was cancelled'), ('ping', 'Somebody tries the webhook')], max_length=20)),
                ('data', models.JSONField(blank=True, default=dict, help_text='What is told of the job.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('awaits_deliveries', models.BooleanField(default=False, editable=False)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhook_events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['created_at'], name='webhookevent_by_age'), models.Index(condition=models.Q(('awaits_deliveries', True)), fields=['owner'], name='webhookevent_awaits_deliveries')],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('target_url', models.CharField(max_length=2000)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('events', models.JSONField(blank=True, default=list, help_text='The types that are sent; an empty list means all.')),
                ('secret', webhooks.encryption.SecretField(default=webhooks.signing.new_secret, editable=False, max_length=250)),
                ('previous_secret', webhooks.encryption.SecretField(blank=True, editable=False, max_length=250)),
                ('previous_secret_expires_at', models.DateTimeField(editable=False, help_text='Until then messages are signed with it, too.', null=True)),
                ('is_active', models.BooleanField(default=True)),
                ('disabled_reason', models.CharField(blank=True, choices=[('failing', 'Nothing could be delivered for three days'), ('gone', 'The address answered that it is gone for good')], editable=False, help_text='Why the site has turned it off.', max_length=7)),
                ('failing_since', models.DateTimeField(editable=False, help_text='Since when nothing has been delivered.', null=True)),
                ('created_at', models.DateTimeField(default=gallery.moments.database_time, editable=False)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('disabled_reason', ''), ('is_active', True)), ('is_active', False), _connector='OR'), name='webhook_reason_only_when_off'), models.CheckConstraint(condition=models.Q(models.Q(('previous_secret', ''), ('previous_secret_expires_at', None)), models.Q(models.Q(('previous_secret', ''), _negated=True), ('previous_secret_expires_at__isnull', False)), _connector='OR'), name='webhook_previous_secret_ends')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('is_resent', models.BooleanField(default=False, help_text='Its owner had it sent once more.')),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('delivered', 'Delivered'), ('failed', 'Failed')], default='pending', max_length=9)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), null=True)),
                ('response_status', models.PositiveSmallIntegerField(help_text='What the address answered last.', null=True)),
                ('created_at', models.DateTimeField(default=gallery.moments.database_time, editable=False)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='webhook_delivery', to='jobs.job')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.event')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.webhook')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['webhook', '-created_at'], name='webhookdelivery_list'), models.Index(condition=models.Q(('state', 'pending')), fields=['next_attempt_at'], name='webhookdelivery_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_resent', False)), fields=('webhook', 'event'), name='webhookdelivery_once'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'delivered', 'failed'])), name='webhookdelivery_known_state'), models.CheckConstraint(condition=models.Q(models.Q(('next_attempt_at__isnull', False), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('next_attempt_at', None)), _connector='OR'), name='webhookdelivery_due_iff_pending'), models.CheckConstraint(condition=models.Q(models.Q(('delivered_at__isnull', False), ('state', 'delivered')), models.Q(models.Q(('state', 'delivered'), _negated=True), ('delivered_at', None)), _connector='OR'), name='webhookdelivery_time_iff_delivered')],
            },
        ),
    ]
