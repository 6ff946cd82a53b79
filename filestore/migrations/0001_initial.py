import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
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
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('original', 'Original'), ('display', 'Display size'), ('thumbnail', 'Thumbnail'), ('small', 'Small thumbnail'), ('result', 'Result'), ('preview', 'Preview'), ('archive', 'Archive'), ('download', 'Made for a download'), ('part', 'Part of an upload'), ('segment', 'Part of a film that is being colorized'), ('pack', 'Tiles or previews')], max_length=10)),
                ('name', models.FileField(max_length=200, unique=True, upload_to='')),
                ('bytes', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content_type', models.CharField(max_length=100)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('derived_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='derivatives', to='filestore.storedfile')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stored_files', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['sha256'], name='filestore_s_sha256_f8286a_idx'), models.Index(fields=['owner', 'purpose', 'bytes'], name='filestore_s_owner_i_4c62e6_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('bytes__gt', 0)), name='storedfile_has_bytes'), models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('sha256'), 64), name='storedfile_has_sha256'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('content_type', ''), _negated=True)), name='storedfile_has_name_and_type'), models.CheckConstraint(condition=models.Q(('purpose__in', ['display', 'thumbnail', 'small', 'preview']), ('derived_from__isnull', True), _connector='XOR'), name='storedfile_is_derived_as_its_purpose_says'), models.UniqueConstraint(fields=('derived_from', 'purpose'), name='storedfile_one_derivative_of_each_purpose')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('receiving', 'Being received'), ('received', 'Received'), ('used', 'Used'), ('refused', 'Refused')], default='receiving', max_length=9)),
                ('length', models.PositiveBigIntegerField(help_text='Bytes of the whole file.')),
                ('offset', models.PositiveBigIntegerField(default=0, help_text='Bytes that have come.')),
                ('metadata', models.JSONField(blank=True, default=dict, help_text='What the client says of the file: texts by name.')),
                ('refusal', models.JSONField(blank=True, help_text='Why the file was refused.', null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField(editable=False)),
                ('files', models.ManyToManyField(blank=True, help_text='What became of it.', related_name='uploads', to='filestore.storedfile')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['owner', 'state'], name='filestore_u_owner_i_9eed99_idx'), models.Index(fields=['expires_at'], name='filestore_u_expires_1293ae_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('length__gt', 0)), name='upload_has_length'), models.CheckConstraint(condition=models.Q(models.Q(('offset__lt', models.F('length')), ('state', 'receiving')), models.Q(models.Q(('state', 'receiving'), _negated=True), ('offset', models.F('length'))), _connector='OR'), name='upload_received_iff_all_has_come'), models.CheckConstraint(condition=models.Q(models.Q(('refusal__isnull', False), ('state', 'refused')), models.Q(models.Q(('state', 'refused'), _negated=True), ('refusal__isnull', True)), _connector='OR'), name='upload_refused_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='UploadPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('offset', models.PositiveBigIntegerField(help_text='Where in the upload they begin.')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='upload_part', to='filestore.storedfile')),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='filestore.upload')),
            ],
            options={
                'ordering': ['upload', 'offset'],
                'constraints': [models.UniqueConstraint(fields=('upload', 'offset'), name='uploadpart_once')],
            },
        ),
    ]
