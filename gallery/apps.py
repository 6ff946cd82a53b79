from django.apps import AppConfig
from django.conf import settings
from PIL import Image
from pillow_heif import register_heif_opener


class GalleryConfig(AppConfig):
    name = "gallery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_heif_opener()
        # Pillow refuses pictures of more than twice this as decompression bombs, wherever they
        # are opened; uploads are held to the limit itself (see intake).
        # The engine has a limit of its own and does not open pictures in this way.
        Image.MAX_IMAGE_PIXELS = settings.MAX_UPLOAD_PIXELS
