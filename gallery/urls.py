"""URLs of the pages."""

from __future__ import annotations

from django.urls import path

from gallery.views import (
    activity,
    albums,
    archives,
    arranging,
    colorizations,
    home,
    media,
    photos,
    sections,
    selection,
    storage,
    trash,
    uploads,
)

app_name = "gallery"
urlpatterns = [
    path("", home.home, name="home"),
    path("explore/", home.explore, name="explore"),
    path("activity/", activity.activity, name="activity"),
    path("upload/", uploads.upload, name="upload"),
    path("albums/new/", albums.create, name="album-create"),
    path("albums/<uuid:pk>/", albums.album, name="album"),
    path("albums/<uuid:pk>/edit/", albums.edit, name="album-edit"),
    path("albums/<uuid:pk>/order/", albums.order, name="album-order"),
    path("albums/<uuid:pk>/place/", arranging.place, name="album-place"),
    path("albums/<uuid:pk>/sections/", sections.sections, name="album-sections"),
    path("sections/<uuid:pk>/", sections.change, name="section"),
    path("albums/<uuid:pk>/publish/", albums.publish, name="album-publish"),
    path("albums/<uuid:pk>/delete/", albums.delete, name="album-delete"),
    path("albums/<uuid:pk>/upload/", uploads.upload_to_album, name="album-upload"),
    path("albums/<uuid:pk>/archive/", archives.create, name="album-archive"),
    path("archives/<uuid:pk>/", archives.archive, name="archive"),
    path("archives/<uuid:pk>/cancel/", archives.cancel, name="archive-cancel"),
    path("archives/<uuid:pk>/again/", archives.again, name="archive-again"),
    path("archives/<uuid:pk>/file/", media.archive_file, name="archive-file"),
    path("photos/<uuid:pk>/", photos.photo, name="photo"),
    path("photos/<uuid:pk>/status/", photos.status, name="photo-status"),
    path("photos/<uuid:pk>/colorize/", photos.colorize, name="photo-colorize"),
    path("photos/<uuid:pk>/delete/", photos.delete, name="photo-delete"),
    path("photos/<uuid:pk>/thumbnail/", media.photo_thumbnail, name="photo-thumbnail"),
    path("photos/<uuid:pk>/display/", media.photo_display, name="photo-display"),
    path("photos/<uuid:pk>/original/", media.photo_original, name="photo-original"),
    path("selection/move/", selection.move, name="selection-move"),
    path("selection/copy/", selection.copy, name="selection-copy"),
    path("selection/section/", selection.section, name="selection-section"),
    path("selection/front/", selection.to_front, name="selection-front"),
    path("selection/back/", selection.to_back, name="selection-back"),
    path("selection/cover/", selection.cover, name="selection-cover"),
    path("selection/color/", selection.color, name="selection-color"),
    path("selection/download/", selection.download, name="selection-download"),
    path("selection/delete/", selection.delete, name="selection-delete"),
    path("trash/", trash.trash, name="trash"),
    path("trash/restore/", trash.restore, name="trash-restore"),
    path("trash/undo/", trash.undo, name="trash-undo"),
    path("trash/delete/", trash.delete, name="trash-delete"),
    path("trash/empty/", trash.empty, name="trash-empty"),
    path("trash/albums/<uuid:pk>/", trash.album, name="album-in-trash"),
    path(
        "trash/photos/<uuid:pk>/thumbnail/", trash.photo_thumbnail, name="photo-in-trash-thumbnail"
    ),
    path(
        "trash/colorizations/<uuid:pk>/thumbnail/",
        trash.colorization_thumbnail,
        name="colorization-in-trash-thumbnail",
    ),
    path("settings/storage/", storage.storage_page, name="storage"),
    path("colorizations/cancel/", colorizations.cancel_all, name="colorizations-cancel"),
    path("colorizations/<uuid:pk>/", colorizations.colorization, name="colorization"),
    path("colorizations/<uuid:pk>/cancel/", colorizations.cancel, name="colorization-cancel"),
    path("colorizations/<uuid:pk>/delete/", colorizations.delete, name="colorization-delete"),
    path(
        "colorizations/<uuid:pk>/preview/", media.colorization_preview, name="colorization-preview"
    ),
    path(
        "colorizations/<uuid:pk>/thumbnail/",
        media.colorization_thumbnail,
        name="colorization-thumbnail",
    ),
    path("colorizations/<uuid:pk>/image/", media.colorization_image, name="colorization-image"),
]
