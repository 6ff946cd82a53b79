import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('filestore', '0001_initial'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Colorization',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('variant', models.CharField(choices=[('artistic', 'Artistic'), ('stable', 'Stable'), ('video', 'Video')], default='artistic', max_length=8)),
                ('render_factor', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(8), django.core.validators.MaxValueValidator(40)])),
                ('start', models.FloatField(blank=True, editable=False, help_text='Of a trial of a film: second it begins at.', null=True)),
                ('seconds', models.FloatField(blank=True, editable=False, help_text='Of a trial of a film: how long it is.', null=True)),
                ('frames', models.PositiveIntegerField(blank=True, editable=False, help_text='Of a film, when it is known.', null=True)),
                ('frames_done', models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ('frames_per_second', models.FloatField(blank=True, editable=False, help_text='How fast a worker colorizes.', null=True)),
                ('notes', models.JSONField(blank=True, default=list, editable=False, help_text='What sound and subtitles of a film became when it was joined, in English sentences.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('weights_name', models.CharField(blank=True, editable=False, max_length=100)),
                ('weights_sha256', models.CharField(blank=True, editable=False, max_length=64)),
                ('used_render_factor', models.PositiveSmallIntegerField(editable=False, help_text='Less than asked for when memory ran out.', null=True)),
                ('is_kept', models.BooleanField(default=False, help_text='The one of its source that the owner likes best.')),
                ('is_kept_when_done', models.BooleanField(default=False, editable=False, help_text='The owner chose it from previews: it is kept as soon as it has a result.')),
                ('rating', models.PositiveSmallIntegerField(blank=True, help_text='What the owner thinks of it.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                ('changed_at', models.DateTimeField(blank=True, editable=False, help_text='When it was copied, restored, kept or rated last. Of the rest its job knows.', null=True)),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('helpers', models.ManyToManyField(editable=False, help_text='Jobs that make segments of a film, beside its own.', related_name='helped_films', to='jobs.job')),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='colorization', to='jobs.job')),
                ('owner', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='colorizations', to=settings.AUTH_USER_MODEL)),
                ('result', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='colorization_of_result', to='filestore.storedfile')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='colorizations', to='filestore.storedfile')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['source', '-created_at'], name='colorizer_c_source__08baee_idx'), models.Index(fields=['owner', '-created_at', 'id'], name='colorization_of_owner'), models.Index(condition=models.Q(('result__isnull', False), ('trashed_at', None)), fields=['source', 'seconds'], name='colorization_result'), models.Index(condition=models.Q(('result__isnull', False), ('trashed_at', None)), fields=['owner', 'source', 'variant'], name='colorization_result_of_owner'), models.Index(condition=models.Q(('changed_at__isnull', False)), fields=['owner', 'changed_at'], name='colorization_changed'), models.Index(condition=models.Q(('trashed_at__isnull', False)), fields=['trashed_at'], name='colorization_trash'), models.Index(condition=models.Q(('trashed_at__isnull', False)), fields=['owner', 'trashed_at'], name='colorization_trash_of_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('variant__in', ['artistic', 'stable', 'video'])), name='colorization_known_variant'), models.CheckConstraint(condition=models.Q(('render_factor__gte', 8), ('render_factor__lte', 40)), name='colorization_render_factor_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('result__isnull', False), ('used_render_factor__isnull', False), models.Q(('weights_name', ''), _negated=True), models.Q(('weights_sha256', ''), _negated=True)), models.Q(('result', None), ('used_render_factor', None), ('weights_name', ''), ('weights_sha256', '')), _connector='OR'), name='colorization_result_iff_weights'), models.CheckConstraint(condition=models.Q(('used_render_factor', None), models.Q(('used_render_factor__gte', 8), ('used_render_factor__lte', models.F('render_factor'))), _connector='OR'), name='colorization_used_render_factor_within_asked'), models.UniqueConstraint(condition=models.Q(('is_kept', True)), fields=('source',), name='colorization_one_kept'), models.CheckConstraint(condition=models.Q(('is_kept', False), ('result__isnull', False), _connector='OR'), name='colorization_kept_has_a_result'), models.UniqueConstraint(condition=models.Q(('is_kept_when_done', True)), fields=('source',), name='colorization_one_kept_when_done'), models.CheckConstraint(condition=models.Q(models.Q(('seconds', None), ('start', None)), models.Q(('seconds__gt', 0), ('start__gte', 0)), _connector='OR'), name='colorization_part_has_start_and_length'), models.CheckConstraint(condition=models.Q(('rating', None), models.Q(('rating__gte', 1), ('rating__lte', 5)), _connector='OR'), name='colorization_rating_in_range')],
            },
        ),
        migrations.CreateModel(
            name='CurrentWeights',
            fields=[
                ('variant', models.CharField(choices=[('artistic', 'Artistic'), ('stable', 'Stable'), ('video', 'Video')], max_length=8, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64)),
                ('recorded_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name_plural': 'current weights',
                'constraints': [models.CheckConstraint(condition=models.Q(('variant__in', ['artistic', 'stable', 'video'])), name='currentweights_known_variant')],
            },
        ),
        migrations.CreateModel(
            name='Film',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seconds', models.FloatField(help_text='How long it is.')),
                ('frame_rate', models.FloatField(help_text='Frames a second, on average.')),
                ('frame_count', models.PositiveIntegerField()),
                ('codec', models.CharField(max_length=40)),
                ('audio_tracks', models.PositiveSmallIntegerField()),
                ('subtitle_tracks', models.PositiveSmallIntegerField()),
                ('notes', models.JSONField(blank=True, default=list, help_text='What the result will have otherwise than the film.')),
                ('source', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='film', to='filestore.storedfile')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('frame_count__gt', 0)), name='film_has_frames'), models.CheckConstraint(condition=models.Q(('seconds__gte', 0)), name='film_lasts')],
            },
        ),
        migrations.CreateModel(
            name='FilmSegment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveIntegerField(editable=False)),
                ('plan', models.JSONField(editable=False, help_text='The part of the film, as the engine planned it.')),
                ('weights_sha256', models.CharField(editable=False, max_length=64)),
                ('lease_token', models.UUIDField(editable=False, help_text='Of the job that makes it. It is free again when no running job has that lease.', null=True)),
                ('frames_done', models.PositiveIntegerField(default=0, editable=False)),
                ('is_made', models.BooleanField(default=False, editable=False)),
                ('colorization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='segments', to='colorizer.colorization')),
                ('file', models.OneToOneField(editable=False, help_text='None of a part in which nothing can be decoded.', null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='film_segment', to='filestore.storedfile')),
            ],
            options={
                'ordering': ['colorization', 'index'],
                'constraints': [models.UniqueConstraint(fields=('colorization', 'index'), name='filmsegment_once'), models.CheckConstraint(condition=models.Q(('file', None), ('is_made', True), _connector='OR'), name='filmsegment_with_file_is_made'), models.CheckConstraint(condition=models.Q(('is_made', False), ('lease_token', None), _connector='OR'), name='filmsegment_made_is_nobodys')],
            },
        ),
        migrations.CreateModel(
            name='PicturePack',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('content', models.CharField(choices=[('tiles', 'Tiles, to zoom in'), ('styles', 'Previews of styles')], max_length=6)),
                ('members', models.JSONField(default=dict, editable=False, help_text='Where each is in the file: offset and bytes.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('expires_at', models.DateTimeField(editable=False)),
                ('file', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='pack', to='filestore.storedfile')),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='picture_pack', to='jobs.job')),
                ('picture', models.ForeignKey(help_text='An original or a result.', on_delete=django.db.models.deletion.RESTRICT, related_name='packs', to='filestore.storedfile')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['expires_at'], name='picturepack_expires')],
                'constraints': [models.CheckConstraint(condition=models.Q(('content__in', ['tiles', 'styles'])), name='picturepack_known_content'), models.UniqueConstraint(fields=('picture', 'content'), name='picturepack_once')],
            },
        ),
        migrations.CreateModel(
            name='Adjustment',
            fields=[
                ('colorization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='adjustment', serialize=False, to='colorizer.colorization')),
                ('choices', models.JSONField(help_text='As in colorizer.engine.adjustments.')),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='adjustment', to='jobs.job')),
                ('unadjusted', models.OneToOneField(editable=False, help_text="The result as the network made it. Null while the colorization's own is that.", null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='adjustment_of_unadjusted', to='filestore.storedfile')),
            ],
        ),
        migrations.CreateModel(
            name='Guidance',
            fields=[
                ('colorization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='guidance', serialize=False, to='colorizer.colorization')),
                ('hints', models.JSONField(blank=True, default=list, help_text='As in colorizer.guiding.')),
                ('reference', models.BinaryField(blank=True, default=b'', help_text='A small PNG of the photo whose colors were taken.')),
                ('has_reference', models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(models.Q(('reference', b''), _negated=True), models.BooleanField()), help_text='Known without loading it.', output_field=models.BooleanField())),
                ('reference_seconds', models.FloatField(blank=True, help_text='Of a film: the moment whose scene alone has the colors of the reference. Null is all of the film.', null=True)),
                ('digest', models.CharField(help_text='Equal for those that a picture comes out the same with.', max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('hints', []), _negated=True), models.Q(('reference', b''), _negated=True), _connector='OR'), name='guidance_is_not_empty'), models.CheckConstraint(condition=models.Q(('reference_seconds', None), models.Q(('reference_seconds__gte', 0), models.Q(('reference', b''), _negated=True)), _connector='OR'), name='guidance_moment_is_of_a_reference')],
            },
        ),
    ]
