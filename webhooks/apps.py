from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gallery import exports  # noqa: PLC0415  (models come first)
        from jobs import endings, kinds  # noqa: PLC0415
        from jobs.periodic import register_periodic  # noqa: PLC0415
        from webhooks import deliveries, events  # noqa: PLC0415
        from webhooks.exports import TABLES  # noqa: PLC0415

        for table in TABLES:
            exports.register(table)
        kinds.register(deliveries.DELIVER)
        endings.on_end(events.note_ends)
        register_periodic("webhooks", 1, deliveries.deliver)
        register_periodic("old webhook events", 3600, deliveries.delete_old)
