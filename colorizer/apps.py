from django.apps import AppConfig


class ColorizerConfig(AppConfig):
    name = "colorizer"
    default_auto_field = "django.db.models.BigAutoField"
