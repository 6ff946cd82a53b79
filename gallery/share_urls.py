"""Addresses under a link. Their pages are for whoever has it; `gallery.urls` has the owner's."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from gallery.shared_files import NAMES
from gallery.views import shared


class SharedFileConverter(StringConverter):
    regex = "|".join(NAMES)


class PictureConverter(StringConverter):
    regex = "original|color"


register_converter(SharedFileConverter, "shared_file")
register_converter(PictureConverter, "shared_picture")

app_name = "shared"
urlpatterns = [
    path("<slug:token>/", shared.share, name="share"),
    path("<slug:token>/unlock/", shared.unlock, name="unlock"),
    path("<slug:token>/photos/<uuid:pk>/", shared.photo, name="photo"),
    path("<slug:token>/photos/<uuid:pk>/<shared_file:name>/", shared.file, name="file"),
    path("<slug:token>/photos/<uuid:pk>/tiles/<shared_picture:of>/", shared.tiles, name="tiles"),
    path(
        "<slug:token>/photos/<uuid:pk>/tiles/<shared_picture:of>/tile/",
        shared.tile,
        name="tile",
    ),
]
