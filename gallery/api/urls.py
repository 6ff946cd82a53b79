"""URLs of the REST API, first version; `colorsite.urls` puts those of other apps before them."""

from __future__ import annotations

from django.urls import path, re_path

from gallery.api.views import (
    account,
    adjusting,
    albums,
    archives,
    bulk,
    colorizations,
    docs,
    downloads,
    jobs,
    labels,
    limits,
    media,
    notices,
    people,
    photos,
    public,
    sections,
    sorted_photos,
    trash,
    uploads,
)
from gallery.api.views.unknown import UnknownAddress
from gallery.trash import contents

urlpatterns = [
    path("me/", people.Me.as_view(), name="me"),
    path("me/deletion/", people.MyDeletion.as_view(), name="me-deletion"),
    path("me/storage/", account.MyStorage.as_view(), name="me-storage"),
    path("me/api-keys/", account.ApiKeyList.as_view(), name="key-list"),
    path("me/api-keys/<int:pk>/", account.ApiKeyDetail.as_view(), name="key-detail"),
    path("limits/", limits.Limits.as_view(), name="limits"),
    path("albums/", albums.AlbumList.as_view(), name="album-list"),
    path("albums/<uuid:pk>/", albums.AlbumDetail.as_view(), name="album-detail"),
    path("albums/<uuid:pk>/photos/", albums.AlbumPhotos.as_view(), name="album-photos"),
    path("albums/<uuid:pk>/order/", albums.AlbumOrder.as_view(), name="album-order"),
    path("albums/<uuid:pk>/sections/", sections.AlbumSections.as_view(), name="album-sections"),
    path("sections/<uuid:pk>/", sections.SectionDetail.as_view(), name="section-detail"),
    path("albums/<uuid:pk>/archive/", archives.AlbumArchiveRequest.as_view(), name="album-archive"),
    path("archives/", archives.ArchiveList.as_view(), name="archive-list"),
    path("archives/<uuid:pk>/", archives.ArchiveDetail.as_view(), name="archive-detail"),
    path("archives/<uuid:pk>/file/", media.ArchiveFile.as_view(), name="archive-file"),
    path("jobs/", jobs.JobList.as_view(), name="job-list"),
    path("jobs/changes/", jobs.JobChanges.as_view(), name="job-changes"),
    path("jobs/events/", jobs.JobEvents.as_view(), name="job-events"),
    path("jobs/<uuid:pk>/", jobs.JobDetail.as_view(), name="job-detail"),
    path("jobs/<uuid:pk>/cancel/", jobs.JobCancel.as_view(), name="job-cancel"),
    path("jobs/<uuid:pk>/retry/", jobs.JobRetry.as_view(), name="job-retry"),
    path("uploads/", uploads.UploadList.as_view(), name="upload-list"),
    path("uploads/<uuid:pk>/", uploads.UploadDetail.as_view(), name="upload-detail"),
    path("uploads/<uuid:pk>/photos/", uploads.UploadPhotos.as_view(), name="upload-photos"),
    path("notices/", notices.NoticeList.as_view(), name="notice-list"),
    path("notices/read/", notices.NoticesRead.as_view(), name="notices-read"),
    path("people/", labels.PersonList.as_view(), name="person-list"),
    path("people/<uuid:pk>/", labels.PersonDetail.as_view(), name="person-detail"),
    path("tags/", labels.TagList.as_view(), name="tag-list"),
    path("tags/<uuid:pk>/", labels.TagDetail.as_view(), name="tag-detail"),
    path("places/", labels.PlaceList.as_view(), name="place-list"),
    path("places/rename/", labels.PlaceRename.as_view(), name="place-rename"),
    path("timeline/", sorted_photos.Timeline.as_view(), name="timeline"),
    path("duplicates/", sorted_photos.Duplicates.as_view(), name="duplicates"),
    path("photos/<uuid:pk>/keep/", sorted_photos.KeepOnly.as_view(), name="photo-keep"),
    path("photos/", photos.PhotoList.as_view(), name="photo-list"),
    path("photos/lookup/", uploads.PhotoLookup.as_view(), name="photo-lookup"),
    path("photos/bulk/", bulk.PhotosBulk.as_view(), name="photos-bulk"),
    path("photos/<uuid:pk>/", photos.PhotoDetail.as_view(), name="photo-detail"),
    path("photos/<uuid:pk>/original/", media.PhotoOriginal.as_view(), name="photo-original"),
    path("photos/<uuid:pk>/display/", media.PhotoDisplay.as_view(), name="photo-display"),
    path("photos/<uuid:pk>/thumbnail/", media.PhotoThumbnail.as_view(), name="photo-thumbnail"),
    path(
        "photos/<uuid:pk>/colorizations/",
        photos.PhotoColorizations.as_view(),
        name="photo-colorizations",
    ),
    path("colorize/", photos.Colorize.as_view(), name="colorize"),
    path(
        "colorizations/",
        colorizations.ColorizationList.as_view(),
        name="colorization-list",
    ),
    path(
        "colorizations/cancel/",
        colorizations.ColorizationsCancel.as_view(),
        name="colorizations-cancel",
    ),
    path(
        "colorizations/<uuid:pk>/",
        colorizations.ColorizationDetail.as_view(),
        name="colorization-detail",
    ),
    path(
        "colorizations/<uuid:pk>/cancel/",
        colorizations.ColorizationCancel.as_view(),
        name="colorization-cancel",
    ),
    path(
        "colorizations/<uuid:pk>/retry/",
        colorizations.ColorizationRetry.as_view(),
        name="colorization-retry",
    ),
    path(
        "colorizations/<uuid:pk>/adjustments/",
        adjusting.ColorizationAdjustments.as_view(),
        name="colorization-adjustments",
    ),
    path(
        "colorizations/<uuid:pk>/downloads/",
        downloads.ColorizationDownloads.as_view(),
        name="colorization-downloads",
    ),
    path("downloads/<uuid:pk>/", downloads.DownloadDetail.as_view(), name="download-detail"),
    path("downloads/<uuid:pk>/file/", downloads.DownloadFile.as_view(), name="download-file"),
    path(
        "colorizations/<uuid:pk>/unadjusted/",
        adjusting.ColorizationUnadjusted.as_view(),
        name="colorization-unadjusted",
    ),
    path(
        "colorizations/<uuid:pk>/image/",
        media.ColorizationImage.as_view(),
        name="colorization-image",
    ),
    path(
        "colorizations/<uuid:pk>/preview/",
        media.ColorizationPreview.as_view(),
        name="colorization-preview",
    ),
    path(
        "colorizations/<uuid:pk>/thumbnail/",
        media.ColorizationThumbnail.as_view(),
        name="colorization-thumbnail",
    ),
    path(
        "colorizations/<uuid:pk>/film/", media.ColorizationFilm.as_view(), name="colorization-film"
    ),
    path("public/albums/", public.PublicAlbums.as_view(), name="public-albums"),
    path("public/albums/<uuid:pk>/", public.PublicAlbum.as_view(), name="album-public"),
    path(
        "public/albums/<uuid:pk>/photos/",
        public.PublicAlbumPhotos.as_view(),
        name="album-public-photos",
    ),
    path("trash/", trash.TrashList.as_view(), name="trash"),
    path("trash/size/", trash.TrashSize.as_view(), name="trash-size"),
    path("trash/restore/", trash.TrashRestore.as_view(), name="trash-restore"),
    *[
        path(f"trash/{kind}s/<uuid:pk>/", trash.InTrash.as_view(kind=kind), name=f"{kind}-in-trash")
        for kind in contents.KINDS
    ],
    path(
        "trash/photos/<uuid:pk>/thumbnail/",
        trash.PhotoInTrashThumbnail.as_view(),
        name="photo-in-trash-thumbnail",
    ),
    path(
        "trash/colorizations/<uuid:pk>/thumbnail/",
        trash.ColorizationInTrashThumbnail.as_view(),
        name="colorization-in-trash-thumbnail",
    ),
    path("docs/", docs.Docs.as_view(), name="docs"),
    path("schema/", docs.Description.as_view(), name="schema"),
    re_path("", UnknownAddress.as_view(), name="unknown"),
]
