from django.apps import AppConfig


class ColorizerConfig(AppConfig):
    name = "colorizer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from colorizer import (  # noqa: PLC0415  (models come first)
            checks,  # noqa: F401  (registers them)
            film_segments,
            tasks,
        )
        from jobs import endings, kinds  # noqa: PLC0415

        for kind in tasks.KINDS:
            kinds.register(kind)
        endings.on_end(film_segments.discard_of_ended)
