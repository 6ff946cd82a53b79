from django.apps import AppConfig


class GalleryConfig(AppConfig):
    name = "gallery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gallery import (  # noqa: PLC0415  (models come first)
            archives,
            closing,
            downloads,
            export_tables,
            idempotency_keys,
            notices,
            uploads,
        )
        from gallery.trash import purging  # noqa: PLC0415
        from jobs import kinds  # noqa: PLC0415
        from jobs.periodic import register_periodic  # noqa: PLC0415

        for kind in archives.KINDS.values():
            kinds.register(kind)
        kinds.register(downloads.DOWNLOAD)
        export_tables.register_all()
        register_periodic("expired archives", 3600, archives.delete_expired)
        register_periodic("expired downloads", 600, downloads.delete_expired)
        register_periodic("expired uploads", 600, uploads.delete_expired)
        register_periodic("trash", purging.PERIOD_SECONDS, purging.purge_expired)
        register_periodic("notices", 10, notices.tell)
        register_periodic("accounts that end", 60, closing.delete_due)
        register_periodic("old idempotency keys", 3600, idempotency_keys.delete_old)
        register_periodic("old notices", 3600, notices.delete_old)
