from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery import services
from gallery.admin.moderation import HideableAdmin, IsHiddenFilter
from gallery.models import Album


@admin.register(Album)
class AlbumAdmin(HideableAdmin[Album]):
    list_display = ("title", "owner", "photo_count", "visibility", "hidden", "created_at")
    list_filter = (IsHiddenFilter, "visibility", "published_at", "created_at")
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

    def delete_model(self, request: HttpRequest, obj: Album) -> None:
        services.delete_album(obj)
