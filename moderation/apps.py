from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gallery import exports  # noqa: PLC0415  (models come first)
        from moderation.exports import REPORTS  # noqa: PLC0415

        exports.register(REPORTS)
