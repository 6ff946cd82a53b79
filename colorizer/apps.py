from django.apps import AppConfig


class ColorizerConfig(AppConfig):
    name = "colorizer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from colorizer import (  # noqa: PLC0415  (models come first)
            checks,  # noqa: F401  (registers them)
            film_segments,
            packs,
            tasks,
        )
        from jobs import endings, kinds  # noqa: PLC0415
        from jobs.periodic import register_periodic  # noqa: PLC0415

        for kind in (*tasks.KINDS, *packs.KINDS.values()):
            kinds.register(kind)
        endings.on_end(film_segments.discard_of_ended)
        register_periodic("expired packs", 600, packs.delete_expired)
