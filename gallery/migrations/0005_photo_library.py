from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('filestore', '0002_quota'),
        ('gallery', '0004_notices'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='photo',
            name='gallery_pho_album_i_8f56b3_idx',
        ),
        migrations.RemoveIndex(
            model_name='photo',
            name='gallery_pho_album_i_c9f16f_idx',
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(fields=['album', 'trashed_at', '-created_at', 'id', 'taken_from', 'taken_to', 'date_precision', 'place', 'is_favorite', 'original'], name='photo_library'),
        ),
    ]
