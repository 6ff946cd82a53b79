"""How the API shows what it takes and how much of it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class PictureFormatSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    suffixes = serializers.ListField(child=serializers.CharField())
    content_types = serializers.ListField(child=serializers.CharField())
    has_pages = serializers.BooleanField(
        help_text="Files of several pages go to uploads/, and become a photo each."
    )


class TusLimitsSerializer(serializers.Serializer[Any]):
    version = serializers.CharField()
    extensions = serializers.ListField(child=serializers.CharField())
    checksum_algorithms = serializers.ListField(child=serializers.CharField())
    suggested_part_bytes = serializers.IntegerField(help_text="Parts may have any size.")


class FilmFormatSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    suffixes = serializers.ListField(child=serializers.CharField())
    content_types = serializers.ListField(child=serializers.CharField())


class FilmLimitsSerializer(serializers.Serializer[Any]):
    max_bytes = serializers.IntegerField(
        help_text="What is larger than files.max_bytes has to go to uploads/."
    )
    max_seconds = serializers.FloatField()
    max_pixels = serializers.IntegerField(help_text="Of a frame.")
    max_trial_seconds = serializers.IntegerField()
    formats = FilmFormatSerializer(
        many=True, help_text="Whatever else FFmpeg reads may be taken, too."
    )


class FileLimitsSerializer(serializers.Serializer[Any]):
    max_bytes = serializers.IntegerField()
    max_pixels = serializers.IntegerField()
    min_side = serializers.IntegerField(help_text="Pixels of the short side.")
    max_pages = serializers.IntegerField(help_text="Of a document.")
    formats = PictureFormatSerializer(many=True)
    tus = TusLimitsSerializer()


class RenderFactorRangeSerializer(serializers.Serializer[Any]):
    min = serializers.IntegerField()
    max = serializers.IntegerField()
    default = serializers.IntegerField()


class ColoringLimitsSerializer(serializers.Serializer[Any]):
    variants = serializers.ListField(child=serializers.CharField())
    default_variant = serializers.CharField()
    render_factor = RenderFactorRangeSerializer()
    max_open_jobs = serializers.IntegerField(help_text="Colorizations and zip files together.")


class RequestLimitsSerializer(serializers.Serializer[Any]):
    """How many objects one request takes or gives."""

    default_page_size = serializers.IntegerField()
    max_page_size = serializers.IntegerField()
    lookups = serializers.IntegerField(help_text="Checksums for photos/lookup/.")
    bulk_photos = serializers.IntegerField(help_text="For photos/bulk/.")
    archived_photos = serializers.IntegerField(help_text="For a zip file of a selection.")
    restored = serializers.IntegerField(help_text="Of each kind, for trash/restore/.")


class RateLimitSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="As in the header RateLimit.")
    number = serializers.IntegerField()
    seconds = serializers.IntegerField()
    per = serializers.ChoiceField(["user", "ip"], help_text="An account or a network address.")


class RetentionSerializer(serializers.Serializer[Any]):
    """For how many days things are kept."""

    trash = serializers.IntegerField()
    archives = serializers.IntegerField()
    exports = serializers.IntegerField(help_text="Zip files of everything.")
    uploads = serializers.IntegerField(help_text="After their last progress.")
    notices = serializers.IntegerField()
    closed_accounts = serializers.IntegerField()
    idempotency_keys = serializers.IntegerField()


class AccountLimitsSerializer(serializers.Serializer[Any]):
    quota_bytes = serializers.IntegerField(allow_null=True, help_text="Null is without a limit.")
    bytes_used = serializers.IntegerField()
    bytes_reserved = serializers.IntegerField(help_text="What is yet to come of your uploads.")
    open_jobs = serializers.IntegerField()


class LimitsSerializer(serializers.Serializer[Any]):
    """What this site takes, and how much of it."""

    files = FileLimitsSerializer()
    films = FilmLimitsSerializer()
    coloring = ColoringLimitsSerializer()
    at_once = RequestLimitsSerializer()
    rates = RateLimitSerializer(many=True)
    kept_days = RetentionSerializer()
    account = AccountLimitsSerializer(allow_null=True, help_text="Yours; null without a login.")
