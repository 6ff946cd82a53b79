"""Addresses under a link. Their pages are for whoever has it; `gallery.urls` has the owner's."""

from __future__ import annotations

from django.urls import path

from gallery.views import shared

app_name = "shared"
urlpatterns = [
    path("<slug:token>/", shared.share, name="share"),
    path("<slug:token>/unlock/", shared.unlock, name="unlock"),
    path("<slug:token>/photos/<uuid:pk>/", shared.photo, name="photo"),
    path("<slug:token>/photos/<uuid:pk>/files/<slug:name>/", shared.file, name="file"),
    path("<slug:token>/photos/<uuid:pk>/tiles/<slug:of>/", shared.tiles, name="tiles"),
    path(
        "<slug:token>/photos/<uuid:pk>/tiles/<slug:of>/tile/",
        shared.tile,
        name="tile",
    ),
]
