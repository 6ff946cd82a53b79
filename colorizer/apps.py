from django.apps import AppConfig


class ColorizerConfig(AppConfig):
    name = "colorizer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from colorizer import checks, tasks  # noqa: F401, PLC0415  (registers the checks)
        from jobs import kinds  # noqa: PLC0415  (models come first)

        kinds.register(tasks.COLORIZE)
