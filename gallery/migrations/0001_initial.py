import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import gallery.models.photos
import gallery.models.shares
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('colorizer', '0001_initial'),
        ('filestore', '0001_initial'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LibraryChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner_id', models.BigIntegerField(db_index=True, editable=False)),
                ('number', models.BigIntegerField(editable=False)),
                ('changed_at', models.DateTimeField(editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='Album',
            fields=[
                ('hidden_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('hidden_reason', models.CharField(blank=True, editable=False, max_length=300)),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('description', models.TextField(blank=True, max_length=2000)),
                ('visibility', models.CharField(choices=[('private', 'Private'), ('public', 'Public')], default='private', max_length=8)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('shows_details', models.BooleanField(default=False, help_text='Titles, captions, dates, people, places and tags are public with the album.', verbose_name='show details')),
                ('photo_order', models.CharField(choices=[('newest', 'Newest upload first'), ('oldest', 'Oldest upload first'), ('taken', 'By date taken'), ('by_hand', 'By hand')], default='newest', max_length=7)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('hidden_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='albums', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['visibility', '-published_at'], name='gallery_alb_visibil_b01b53_idx'), models.Index(fields=['owner', '-created_at'], name='gallery_alb_owner_i_a20a3a_idx'), models.Index(condition=models.Q(('trashed_at__isnull', False)), fields=['trashed_at'], name='album_trash')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('hidden_at', None), ('hidden_reason', '')), models.Q(('hidden_at__isnull', False), models.Q(('hidden_reason', ''), _negated=True)), _connector='OR'), name='album_hidden_with_reason', violation_error_message='Give a reason for hiding it.'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('visibility', 'public')), models.Q(('published_at__isnull', True), ('visibility', 'private')), _connector='OR'), name='album_published_at_iff_public')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'people',
                'ordering': ['name', 'id'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='person_has_a_name'), models.UniqueConstraint(models.F('owner'), django.db.models.functions.text.Lower('name'), name='person_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('hidden_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('hidden_reason', models.CharField(blank=True, editable=False, max_length=300)),
                ('trashed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('original_name', models.CharField(max_length=255)),
                ('format', models.CharField(choices=gallery.models.photos.format_choices, max_length=8)),
                ('width', models.PositiveIntegerField(help_text='Pixels, upright.')),
                ('height', models.PositiveIntegerField(help_text='Pixels, upright.')),
                ('flaw', models.CharField(blank=True, choices=gallery.models.photos.flaw_choices, help_text='What is wrong with the file, although its picture could be read.', max_length=16)),
                ('film_seconds', models.FloatField(blank=True, editable=False, help_text='How long a film is; null of a picture.', null=True)),
                ('document_sha256', models.CharField(blank=True, editable=False, help_text='Of the file of several pages that it is a page of.', max_length=64)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('caption', models.TextField(blank=True, max_length=5000)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('date_precision', models.CharField(blank=True, choices=[('day', 'Day'), ('month', 'Month'), ('year', 'Year'), ('about', 'About this year'), ('decade', 'Decade'), ('between', 'Between two years')], max_length=7)),
                ('taken_from', models.DateField(blank=True, null=True)),
                ('taken_to', models.DateField(blank=True, null=True)),
                ('is_favorite', models.BooleanField(default=False)),
                ('search_text', models.TextField(blank=True, editable=False, help_text='All words of it that a search finds, case folded.')),
                ('position', models.PositiveIntegerField(default=0, editable=False, help_text='In an album that is ordered by hand.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('album', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='gallery.album')),
                ('hidden_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('original', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.RESTRICT, related_name='photo', to='filestore.storedfile')),
                ('people', models.ManyToManyField(blank=True, related_name='photos', to='gallery.person')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['album', 'trashed_at', '-created_at', 'id', 'taken_from', 'taken_to', 'date_precision', 'place', 'is_favorite', 'original'], name='photo_library'), models.Index(fields=['document_sha256'], name='gallery_pho_documen_b086af_idx'), models.Index(condition=models.Q(('trashed_at__isnull', False)), fields=['trashed_at'], name='photo_trash')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('hidden_at', None), ('hidden_reason', '')), models.Q(('hidden_at__isnull', False), models.Q(('hidden_reason', ''), _negated=True)), _connector='OR'), name='photo_hidden_with_reason', violation_error_message='Give a reason for hiding it.'), models.CheckConstraint(condition=models.Q(models.Q(('date_precision', ''), ('taken_from', None), ('taken_to', None)), models.Q(models.Q(('date_precision', ''), _negated=True), ('taken_from__isnull', False), ('taken_to__isnull', False)), _connector='OR'), name='photo_date_whole_or_not_at_all'), models.CheckConstraint(condition=models.Q(('taken_from', None), ('taken_from__lte', models.F('taken_to')), _connector='OR'), name='photo_date_from_before_to'), models.CheckConstraint(condition=models.Q(('height__gt', 0), ('width__gt', 0)), name='photo_has_pixels')],
            },
        ),
        migrations.CreateModel(
            name='Archive',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('content', models.CharField(choices=[('album', 'Album'), ('selection', 'Selected photos'), ('everything', 'Everything')], default='album', max_length=10)),
                ('photo_count', models.PositiveIntegerField(default=0, editable=False)),
                ('title', models.CharField(blank=True, help_text='Of the album that the photos are in, if it is one.', max_length=120)),
                ('holds', models.CharField(choices=[('both', 'Originals and colored photos'), ('originals', 'Originals only'), ('results', 'Colored photos only')], default='both', max_length=9)),
                ('with_details', models.BooleanField(default=False, verbose_name='Write titles, dates, places and names into the files')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(editable=False, null=True)),
                ('album', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='archives', to='gallery.album')),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='archive', to='jobs.job')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='archives', to=settings.AUTH_USER_MODEL)),
                ('photos', models.ManyToManyField(blank=True, related_name='+', to='gallery.photo')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['album', '-created_at'], name='gallery_arc_album_i_13fbae_idx'), models.Index(fields=['owner', '-created_at'], name='gallery_arc_owner_i_375df0_idx'), models.Index(fields=['expires_at'], name='gallery_arc_expires_289b18_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('album__isnull', False), ('content', 'album')), models.Q(('content__in', ['selection', 'everything']), ('album', None)), _connector='OR'), name='archive_of_an_album_has_it')],
            },
        ),
        migrations.AddField(
            model_name='album',
            name='cover',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gallery.photo'),
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('position', models.PositiveIntegerField(default=0, editable=False)),
                ('album', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='gallery.album')),
            ],
            options={
                'ordering': ['position', 'id'],
                'indexes': [models.Index(fields=['album', 'position'], name='gallery_sec_album_i_7ab57b_idx')],
            },
        ),
        migrations.AddField(
            model_name='photo',
            name='section',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='photos', to='gallery.section'),
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token', models.CharField(default=gallery.models.shares.new_token, editable=False, max_length=43, unique=True)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('message', models.TextField(blank=True, max_length=1000)),
                ('shows_originals', models.BooleanField(default=True, help_text='The photos as they were uploaded, beside those in color.')),
                ('shows_details', models.BooleanField(default=False, help_text='Titles, captions, dates, places, people and tags of the photos.')),
                ('allows_downloads', models.BooleanField(default=False)),
                ('password', models.CharField(blank=True, editable=False, max_length=128)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('view_count', models.PositiveIntegerField(default=0, editable=False, help_text='Visits, each counted once.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('album', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='gallery.album')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to=settings.AUTH_USER_MODEL)),
                ('photo', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='gallery.photo')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['owner', '-created_at', 'id'], name='share_of_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('album__isnull', False), ('photo', None)), models.Q(('album', None), ('photo__isnull', False)), _connector='OR'), name='share_of_an_album_or_a_photo'), models.CheckConstraint(condition=django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.text.Length('token'), 24), name='share_token_is_long')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='tag_has_a_name'), models.UniqueConstraint(models.F('owner'), django.db.models.functions.text.Lower('name'), name='tag_name_once')],
            },
        ),
        migrations.AddField(
            model_name='photo',
            name='tags',
            field=models.ManyToManyField(blank=True, related_name='photos', to='gallery.tag'),
        ),
        migrations.CreateModel(
            name='ArchivePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False)),
                ('archive', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='gallery.archive')),
                ('file', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.RESTRICT, related_name='archive_part', to='filestore.storedfile')),
            ],
            options={
                'ordering': ['archive', 'number'],
                'constraints': [models.UniqueConstraint(fields=('archive', 'number'), name='archivepart_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('of_result', models.UUIDField(editable=False, help_text='Of which file it is made.')),
                ('form', models.CharField(choices=[('jpeg', 'JPEG'), ('png', 'PNG'), ('tiff', 'TIFF'), ('webp', 'WebP'), ('joined', 'Before and after, one picture'), ('clip', 'Before and after, 3-second film')], max_length=6)),
                ('side', models.PositiveSmallIntegerField(choices=[(0, 'Full size'), (2048, '2048 pixels'), (1080, '1080 pixels'), (640, '640 pixels')], default=0, help_text='The longer one at most.')),
                ('has_mark', models.BooleanField(default=False, help_text='A small mark in a corner shows that the colors are made.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(editable=False, null=True)),
                ('colorization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='downloads', to='colorizer.colorization')),
                ('file', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='download', to='filestore.storedfile')),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='download', to='jobs.job')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='downloads', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['owner', '-created_at'], name='gallery_dow_owner_i_6262ce_idx'), models.Index(fields=['expires_at'], name='gallery_dow_expires_f6a8b5_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('expires_at', None), ('file', None)), models.Q(('expires_at__isnull', False), ('file__isnull', False)), _connector='OR'), name='download_expires_iff_made')],
            },
        ),
        migrations.CreateModel(
            name='IdempotentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('headers', models.JSONField(blank=True, default=dict)),
                ('body', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='gallery_ide_created_1d7deb_idx')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'key'), name='idempotency_key_is_used_once')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('photos', 'Photos were colored'), ('archive', 'A zip file was made'), ('export', 'An export was made'), ('film', 'A film was colored'), ('file', 'A file was made')], max_length=7)),
                ('succeeded', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('title', models.CharField(blank=True, help_text='Of the album or the photo that it is about.', max_length=120)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('awaits_mail', models.BooleanField(default=False, editable=False)),
                ('album', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gallery.album')),
                ('archive', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gallery.archive')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['owner', '-created_at'], name='gallery_not_owner_i_55517e_idx'), models.Index(condition=models.Q(('read_at', None)), fields=['owner'], name='notice_unread'), models.Index(condition=models.Q(('awaits_mail', True)), fields=['created_at'], name='notice_awaits_mail')],
                'constraints': [models.CheckConstraint(condition=models.Q(('succeeded__gt', 0), ('failed__gt', 0), _connector='OR'), name='notice_is_about_something')],
            },
        ),
    ]
