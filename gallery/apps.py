from django.apps import AppConfig
from django.conf import settings
from PIL import Image


class GalleryConfig(AppConfig):
    name = "gallery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Pillow refuses pictures of more than twice this as decompression bombs, wherever they
        # are opened; uploads are held to the limit itself (see intake).
        Image.MAX_IMAGE_PIXELS = settings.MAX_UPLOAD_PIXELS
