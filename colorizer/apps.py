from django.apps import AppConfig


class ColorizerConfig(AppConfig):
    name = "colorizer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from colorizer import checks  # noqa: F401, PLC0415  (registers them)
