"""Zip files of albums become zip files of whatever a person asks for, in one part or in several."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def keep_what_is_there(apps, schema_editor):
    Album = apps.get_model("gallery", "Album")
    Archive = apps.get_model("gallery", "Archive")
    ArchivePart = apps.get_model("gallery", "ArchivePart")
    albums = Album.objects.filter(pk=OuterRef("album"))
    Archive.objects.update(
        owner=Subquery(albums.values("owner")), title=Subquery(albums.values("title"))
    )
    ArchivePart.objects.bulk_create(
        ArchivePart(archive=archive, number=1, file_id=archive.file_id)
        for archive in Archive.objects.exclude(file=None)
    )
    # PostgreSQL alters no table while references in it are still to be checked.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):

    dependencies = [
        ("filestore", "0002_quota"),
        ("gallery", "0002_library"),
        ("jobs", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("albumarchive", "albumarchive_expires_iff_file"),
        migrations.RenameModel("AlbumArchive", "Archive"),
        migrations.RenameIndex(
            "archive",
            new_name="gallery_arc_album_i_13fbae_idx",
            old_name="gallery_alb_album_i_c29f03_idx",
        ),
        migrations.RenameIndex(
            "archive",
            new_name="gallery_arc_expires_289b18_idx",
            old_name="gallery_alb_expires_dc9ac4_idx",
        ),
        migrations.CreateModel(
            name="ArchivePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "archive",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="gallery.archive",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="archive_part",
                        to="filestore.storedfile",
                    ),
                ),
            ],
            options={"ordering": ["archive", "number"]},
        ),
        migrations.AddConstraint(
            "archivepart",
            models.UniqueConstraint(fields=("archive", "number"), name="archivepart_number_once"),
        ),
        migrations.AddField(
            "archive",
            "owner",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="archives",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "archive",
            "title",
            models.CharField(
                blank=True,
                help_text="Of the album that the photos are in, if it is one.",
                max_length=120,
                default="",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(keep_what_is_there, elidable=True),
        migrations.RemoveField("archive", "file"),
        migrations.AlterField(
            "archive",
            "owner",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="archives",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "archive",
            "album",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="archives",
                to="gallery.album",
            ),
        ),
        migrations.AlterField(
            "archive",
            "job",
            models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="archive",
                to="jobs.job",
            ),
        ),
        migrations.AddField(
            "archive",
            "content",
            models.CharField(
                choices=[
                    ("album", "Album"),
                    ("selection", "Selected photos"),
                    ("everything", "Everything"),
                ],
                default="album",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "archive",
            "holds",
            models.CharField(
                choices=[
                    ("both", "Originals and colored photos"),
                    ("originals", "Originals only"),
                    ("results", "Colored photos only"),
                ],
                default="both",
                max_length=9,
            ),
        ),
        migrations.AddField(
            "archive",
            "with_details",
            models.BooleanField(
                default=False, verbose_name="Write titles, dates, places and names into the files"
            ),
        ),
        migrations.AddField(
            "archive", "photo_count", models.PositiveIntegerField(default=0, editable=False)
        ),
        migrations.AddField(
            "archive",
            "photos",
            models.ManyToManyField(blank=True, related_name="+", to="gallery.photo"),
        ),
        migrations.AddIndex(
            "archive",
            models.Index(fields=["owner", "-created_at"], name="gallery_arc_owner_i_375df0_idx"),
        ),
        migrations.AddConstraint(
            "archive",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("album__isnull", False), ("content", "album")),
                    models.Q(("content__in", ["selection", "everything"]), ("album", None)),
                    _connector="OR",
                ),
                name="archive_of_an_album_has_it",
            ),
        ),
    ]
