"""Albums and photos, which staff may hide, and the zip files and downloads made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from colorizer.models import Colorization, ColorizationQuerySet
from gallery import archives, dates, labels
from gallery import services as gallery
from gallery.models import Album, Archive, ArchiveQuerySet, Download, Photo
from moderation import decisions
from moderation.admin import display
from moderation.admin.base import InTrashFilter, RecordAdmin, asks_for_reason, staff_member
from moderation.admin.jobs import OfJobAdmin, link
from moderation.subjects import describe_download

H = TypeVar("H", Album, Photo)

HIDDEN = ("Hidden by staff", {"fields": ("hidden_at", "hidden_by", "hidden_reason")})
TRASHED = ("In the trash of its owner", {"fields": ("trashed_at",)})
VERSIONS = ("Versions", {"fields": ("versions",)})


class IsHiddenFilter(admin.SimpleListFilter):
    title = "moderation"
    parameter_name = "hidden"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [("yes", "Hidden by staff"), ("no", "Not hidden")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(hidden_at__isnull=self.value() == "no")


class HideableAdmin(RecordAdmin[H]):
    actions = ("hide", "restore")

    def get_fieldsets(self, request: HttpRequest, obj: H | None = None) -> list[Any]:
        shown: list[Any] = [*super().get_fieldsets(request, obj)]
        if obj and obj.is_hidden:
            shown.append(HIDDEN)
        return [*shown, TRASHED] if obj and obj.is_trashed else shown

    def actions_for(self, obj: H) -> list[str]:
        return ["restore"] if obj.is_hidden else ["hide"]

    @admin.display(description="Hidden", ordering="hidden_at", empty_value="")
    def hidden(self, obj: H) -> SafeString | str:
        return display.hidden_badge(obj)

    @admin.display(description="Trash", ordering="trashed_at", empty_value="")
    def in_trash(self, obj: H) -> SafeString | str:
        return display.trash_badge(obj)

    @admin.action(description="Hide selected %(verbose_name_plural)s …", permissions=["moderate"])
    @asks_for_reason("Hide from everybody but the owner and staff?")
    def hide(self, request: HttpRequest, queryset: QuerySet[H], reason: str) -> None:
        staff = staff_member(request)
        hidden = [obj for obj in queryset if decisions.hide(obj, staff, reason)]
        self.message_user(request, f"{len(hidden)} hidden.", messages.SUCCESS)

    @admin.action(description="Restore selected %(verbose_name_plural)s", permissions=["moderate"])
    def restore(self, request: HttpRequest, queryset: QuerySet[H]) -> None:
        restored = [obj for obj in queryset if decisions.restore(obj, staff_member(request))]
        self.message_user(request, f"{len(restored)} restored.", messages.SUCCESS)


@admin.register(Album)
class AlbumAdmin(HideableAdmin[Album]):
    list_display = (
        "title",
        "owner",
        "photo_count",
        "visibility",
        "hidden",
        "in_trash",
        "created_at",
    )
    list_filter = (IsHiddenFilter, InTrashFilter, "visibility", "published_at", "created_at")
    list_select_related = ("owner",)
    search_fields = ("title", "description", "owner__email", "=id")
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("title", "description", "owner", "photo_count")}),
        ("Publication", {"fields": ("visibility", "published_at", "created_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Album]:
        albums: QuerySet[Album] = super().get_queryset(request)
        return albums.annotate(photo_count=Count("photos"))

    @admin.display(description="Photos", ordering="photo_count")
    def photo_count(self, album: Any) -> SafeString:
        url = reverse("admin:gallery_photo_changelist", query={"album__id__exact": album.pk})
        return format_html('<a href="{}">{}</a>', url, album.photo_count)

    def colorizations_deleted_with(self, objects: Iterable[Album]) -> ColorizationQuerySet:
        ids = [album.pk for album in objects]
        return Colorization.objects.filter(source__photo__album__in=ids)

    def delete_model(self, request: HttpRequest, obj: Album) -> None:
        gallery.delete_album(obj)


@admin.register(Photo)
class PhotoAdmin(HideableAdmin[Photo]):
    list_display = (
        "before",
        "name",
        "album",
        "owner",
        "pixels",
        "hidden",
        "in_trash",
        "created_at",
    )
    list_display_links = ("before", "name")
    list_filter = (IsHiddenFilter, InTrashFilter, "album__visibility", "format", "created_at")
    list_select_related = ("album__owner", "original")
    search_fields = (
        "title",
        "original_name",
        "album__title",
        "album__owner__email",
        "=id",
        "=original__sha256",
    )
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("before_large", "original_name", "album", "owner")}),
        ("Details", {"fields": ("title", "caption", "taken", "place", "persons", "keywords")}),
        ("File", {"fields": ("format", "pixels", "size", "sha256", "created_at")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Photo | None = None) -> list[Any]:
        shown = super().get_fieldsets(request, obj)
        may_view = request.user.has_perm("colorizer.view_colorization")
        return [*shown, VERSIONS] if obj and may_view else shown

    @admin.display(description="Photo", ordering="original_name")
    def name(self, photo: Photo) -> str:
        return str(photo)

    @admin.display(description="Date taken", empty_value="")
    def taken(self, photo: Photo) -> str:
        taken = dates.of_photo(photo)
        return dates.words(taken) if taken else ""

    @admin.display(description="People")
    def persons(self, photo: Photo) -> str:
        return ", ".join(labels.names_of(photo.people.all()))

    @admin.display(description="Tags")
    def keywords(self, photo: Photo) -> str:
        return ", ".join(labels.names_of(photo.tags.all()))

    @admin.display(description="Before")
    def before(self, photo: Photo) -> SafeString | str:
        return display.thumbnail(photo)

    @admin.display(description="Before")
    def before_large(self, photo: Photo) -> SafeString | str:
        return display.display(photo)

    @admin.display(description="Owner", ordering="album__owner__email")
    def owner(self, photo: Photo) -> SafeString:
        return display.link_to_user(photo.album.owner)

    @admin.display(description="Pixels", ordering="width")
    def pixels(self, photo: Photo) -> str:
        return f"{photo.width} \N{MULTIPLICATION SIGN} {photo.height}"

    @admin.display(description="Size", ordering="original__bytes")
    def size(self, photo: Photo) -> str:
        return display.size(photo.original)

    @admin.display(description="SHA-256")
    def sha256(self, photo: Photo) -> str:
        return photo.original.sha256

    @admin.display(description="Newest first")
    def versions(self, photo: Photo) -> SafeString:
        shown = [
            (version, display.result_thumbnail(version), display.state_badge(version.job))
            for version in photo.colorizations.select_related("source__photo")
        ]
        return render_to_string("moderation/_versions.html", {"versions": shown})

    def colorizations_deleted_with(self, objects: Iterable[Photo]) -> ColorizationQuerySet:
        ids = [photo.pk for photo in objects]
        return Colorization.objects.filter(source__photo__in=ids)

    def delete_model(self, request: HttpRequest, obj: Photo) -> None:
        gallery.delete_photo(obj)


@admin.register(Archive)
class ArchiveAdmin(OfJobAdmin[Archive]):
    list_display = ("name", "owner_link", "badge", "size", "created_at", "expires_at")
    list_filter = ("content", "job__state", "created_at", "expires_at")
    list_select_related = ("owner", "job")
    search_fields = ("title", "owner__email", "=id")
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("name", "owner_link", "holds", "size", "created_at", "expires_at")}),
        ("Job", {"fields": ("badge", "job_link", "error", "took")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Archive]:
        return cast("ArchiveQuerySet", super().get_queryset(request)).with_parts()

    @admin.display(description="Content", ordering="title")
    def name(self, archive: Archive) -> str:
        return archive.name

    @admin.display(description="Owner", ordering="owner__email")
    def owner_link(self, archive: Archive) -> SafeString:
        return display.link_to_user(archive.owner)

    @admin.display(description="Size", empty_value="")
    def size(self, archive: Archive) -> str:
        return filesizeformat(archive.bytes) if archive.bytes is not None else ""

    def delete_model(self, request: HttpRequest, obj: Archive) -> None:
        archives.delete_archives(Archive.objects.filter(pk=obj.pk))


@admin.register(Download)
class DownloadAdmin(OfJobAdmin[Download]):
    view_on_site = False  # its page is for whoever asked for it
    list_display = (
        "name",
        "owner_link",
        "side",
        "has_mark",
        "badge",
        "size",
        "created_at",
        "expires_at",
    )
    list_filter = ("form", "job__state", "created_at", "expires_at")
    list_select_related = ("colorization__source__photo", "owner", "job", "file")
    search_fields = (
        "colorization__source__photo__title",
        "colorization__source__photo__original_name",
        "owner__email",
        "job__error_text",
        "=id",
    )
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": ("name", "version", "owner_link", "side", "has_mark")}),
        ("File", {"fields": ("size", "created_at", "expires_at")}),
        ("Job", {"fields": ("badge", "job_link", "error", "took")}),
    )

    @admin.display(description="Download", ordering="form")
    def name(self, download: Download) -> str:
        return describe_download(download)

    @admin.display(description="Version", empty_value="Deleted")
    def version(self, download: Download) -> SafeString | str:
        version = download.colorization
        return link("colorizer_colorization", version, str(version)) if version else ""

    @admin.display(description="Owner", ordering="owner__email")
    def owner_link(self, download: Download) -> SafeString:
        return display.link_to_user(download.owner)

    @admin.display(description="Size", ordering="file__bytes")
    def size(self, download: Download) -> str:
        return display.size(download.file)

    def has_delete_permission(self, request: HttpRequest, obj: Download | None = None) -> bool:
        """It goes by itself, after a day."""
        return False
