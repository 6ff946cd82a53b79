from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.safestring import SafeString

from colorizer.models import Colorization
from gallery import services
from gallery.admin import pictures
from gallery.admin.moderation import HideableAdmin, IsHiddenFilter
from gallery.admin.records import link_to_person
from gallery.models import Photo


class PairInline(admin.TabularInline):  # type: ignore[type-arg]  # see records.py
    model = Colorization
    verbose_name_plural = "pairs"
    fields = readonly_fields = ("after", "variant", "render_factor", "state", "queued_at")
    show_change_link = True
    view_on_site = False
    can_delete = False
    extra = 0

    @admin.display(description="After", empty_value="")
    def after(self, colorization: Colorization) -> SafeString | str:
        return pictures.result_thumbnail(colorization)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Photo)
class PhotoAdmin(HideableAdmin[Photo]):
    list_display = (
        "before",
        "original_name",
        "album",
        "owner",
        "pixels",
        "hidden",
        "created_at",
    )
    list_display_links = ("before", "original_name")
    list_filter = (IsHiddenFilter, "album__visibility", "format", "created_at")
    list_select_related = ("album__owner",)
    search_fields = ("original_name", "album__title", "album__owner__email", "=id", "=sha256")
    date_hierarchy = "created_at"
    inlines = (PairInline,)
    fieldsets = (
        (None, {"fields": ("before_large", "original_name", "album", "owner")}),
        ("File", {"fields": ("format", "pixels", "size", "sha256", "created_at")}),
    )

    @admin.display(description="Before")
    def before(self, photo: Photo) -> SafeString:
        return pictures.thumbnail(photo)

    @admin.display(description="Before")
    def before_large(self, photo: Photo) -> SafeString:
        url = reverse("gallery:photo-display", args=[photo.pk])
        return pictures.picture(url, f"{photo.original_name}, before")

    @admin.display(description="Owner", ordering="album__owner__email")
    def owner(self, photo: Photo) -> SafeString:
        return link_to_person(photo.album.owner)

    @admin.display(description="Pixels", ordering="width")
    def pixels(self, photo: Photo) -> str:
        return f"{photo.width} \N{MULTIPLICATION SIGN} {photo.height}"

    @admin.display(description="Size", ordering="bytes")
    def size(self, photo: Photo) -> str:
        return filesizeformat(photo.bytes)

    def delete_model(self, request: HttpRequest, obj: Photo) -> None:
        services.delete_photo(obj)
