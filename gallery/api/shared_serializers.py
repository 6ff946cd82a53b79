"""What a link opens, for programs of whoever has it: no more than its page shows."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from gallery import dates
from gallery.api.photo_serializers import DETAILS_HIDDEN, DateTakenField, NamesField
from gallery.models import MediaKind, Photo
from gallery.models.shares import Guest, Share
from gallery.shared_viewer import photo_address
from gallery.sharing import MAX_PASSWORD

URI_OR_NULL: Final = {"type": ["string", "null"], "format": "uri"}


class SharedSerializer(serializers.ModelSerializer[Share]):
    """An album or a photo that somebody shares."""

    photos_url = serializers.SerializerMethodField()
    web_url = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField(
        help_text="Of the link, or of the album; blank of a photo without one."
    )
    description = serializers.SerializerMethodField(help_text="Of the album.")
    owner_name = serializers.CharField(
        source="owner.name", read_only=True, help_text="Blank unless they have given one."
    )
    photo_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Share
        fields = [
            "photos_url",
            "web_url",
            "title",
            "description",
            "message",
            "owner_name",
            "photo_count",
            "shows_originals",
            "shows_details",
            "allows_downloads",
            "expires_at",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_photos_url(self, share: Share) -> str:
        path = reverse("api:shared-photos", args=[share.token])
        address: str = self.context["request"].build_absolute_uri(path)
        return address

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_web_url(self, share: Share) -> str:
        address: str = self.context["request"].build_absolute_uri(share.get_absolute_url())
        return address

    def get_title(self, share: Share) -> str:
        return share.title or (share.album.title if share.album else "")

    def get_description(self, share: Share) -> str:
        return share.album.description if share.album else ""


class SharedPhotoSerializer(serializers.ModelSerializer[Photo]):
    """A photo of a link, and the one version of it that is shown. Addresses are null of what the link does not open."""

    name = serializers.SerializerMethodField(help_text="What to call it.")
    media_kind = serializers.ChoiceField(MediaKind.choices, read_only=True)
    web_url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()
    display_url = serializers.SerializerMethodField()
    color_thumbnail_url = serializers.SerializerMethodField()
    color_url = serializers.SerializerMethodField(help_text="The version in color for a screen.")
    film_url = serializers.SerializerMethodField(help_text="A film in color, to be played.")
    image_url = serializers.SerializerMethodField(help_text="In color and in full, to download.")
    original_url = serializers.SerializerMethodField(help_text="The original, to download.")
    date_taken = DateTakenField(read_only=True, allow_null=True)
    date_taken_text = serializers.SerializerMethodField(help_text="The same for people.")
    people = NamesField(read_only=True)
    tags = NamesField(read_only=True)

    class Meta:
        model = Photo
        fields = [
            "id",
            "name",
            "media_kind",
            "web_url",
            "thumbnail_url",
            "display_url",
            "color_thumbnail_url",
            "color_url",
            "film_url",
            "image_url",
            "original_url",
            *DETAILS_HIDDEN,
            "width",
            "height",
        ]
        read_only_fields = fields

    @property
    def _guest(self) -> Guest:
        guest: Guest = self.context["view"].guest
        return guest

    def _absolute(self, path: str) -> str:
        address: str = self.context["request"].build_absolute_uri(path)
        return address

    def _file(self, photo: Photo, name: str, *, is_open: bool) -> str | None:
        if not is_open:
            return None
        return self._absolute(
            reverse("api:shared-file", args=[self._guest.share.token, photo.pk, name])
        )

    def get_name(self, photo: Photo) -> str:
        return photo.name_for(self._guest)

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_web_url(self, photo: Photo) -> str:
        return self._absolute(photo_address(self._guest, photo.pk))

    @extend_schema_field(URI_OR_NULL)
    def get_thumbnail_url(self, photo: Photo) -> str | None:
        return self._file(photo, "thumbnail", is_open=self._guest.share.shows_originals)

    @extend_schema_field(URI_OR_NULL)
    def get_display_url(self, photo: Photo) -> str | None:
        return self._file(photo, "display", is_open=self._guest.share.shows_originals)

    @extend_schema_field(URI_OR_NULL)
    def get_color_thumbnail_url(self, photo: Photo) -> str | None:
        return self._file(photo, "color-thumbnail", is_open=photo.shown_version is not None)

    @extend_schema_field(URI_OR_NULL)
    def get_color_url(self, photo: Photo) -> str | None:
        return self._file(photo, "color", is_open=photo.shown_version is not None)

    @extend_schema_field(URI_OR_NULL)
    def get_film_url(self, photo: Photo) -> str | None:
        return self._file(photo, "film", is_open=photo.is_film and photo.shown_version is not None)

    @extend_schema_field(URI_OR_NULL)
    def get_image_url(self, photo: Photo) -> str | None:
        is_open = self._guest.share.allows_downloads and photo.shown_version is not None
        return self._file(photo, "image", is_open=is_open)

    @extend_schema_field(URI_OR_NULL)
    def get_original_url(self, photo: Photo) -> str | None:
        return self._file(photo, "original", is_open=self._guest.share.gives_originals)

    def get_date_taken_text(self, photo: Photo) -> str:
        taken = dates.of_photo(photo)
        return dates.words(taken) if taken else ""

    def to_representation(self, instance: Photo) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if instance.shows_details_to(self._guest):
            return shown
        return {name: DETAILS_HIDDEN.get(name, value) for name, value in shown.items()}


class UnlockSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(max_length=MAX_PASSWORD, trim_whitespace=False)


class UnlockedSerializer(serializers.Serializer[Any]):
    """What opens the link from now on."""

    access = serializers.CharField(
        read_only=True, help_text="Send it as the header Share-Access with each request."
    )
    expires_in = serializers.IntegerField(read_only=True, help_text="Seconds.")
