"""What this site takes and how much of it: an app need not be changed when an operator changes it."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rates
from accounts.models import User
from colorizer.engine.imageio.formats import FORMATS, MAX_PAGES, PDF
from colorizer.engine.variants import (
    DEFAULT_RENDER_FACTOR,
    DEFAULT_VARIANT,
    MAX_RENDER_FACTOR,
    MIN_RENDER_FACTOR,
    VARIANTS,
)
from colorizer.engine.video.containers import FILM_FORMATS
from colorizer.engine.video.description import MAX_FRAME_PIXELS
from colorizer.services import MAX_TRIAL_SECONDS
from colorizer.uploads import MIN_SIDE
from filestore import services as filestore
from filestore import uploads
from gallery import archives, closing, idempotency_keys, notices
from gallery.api import tus
from gallery.api.bulk_serializers import MAX_PHOTOS
from gallery.api.generics import GenericAPIView
from gallery.api.limits_serializers import LimitsSerializer
from gallery.api.pagination import MAX_PAGE_SIZE, PAGE_SIZE
from gallery.api.photo_serializers import MAX_LOOKUPS
from gallery.api.serializers import MAX_ARCHIVED
from gallery.api.throttles import UserThrottle
from gallery.api.trash_serializers import MAX_KEYS
from gallery.trash import contents
from jobs.models import Job

SCOPES: Final = ("upload", "job", "preview", "album", "share", "webhook", "api_key", "report")


class Limits(GenericAPIView[Any]):
    """What this site takes, and how much of it; with a login also how much of it is yours."""

    serializer_class = LimitsSerializer
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        limits = {
            "files": _files(),
            "films": _films(),
            "coloring": _coloring(),
            "at_once": _at_once(),
            "rates": _rates(),
            "kept_days": _kept_days(),
            "account": _account(request.user) if isinstance(request.user, User) else None,
        }
        return Response(self.get_serializer(limits).data)


def _files() -> dict[str, Any]:
    formats: list[Any] = [*FORMATS.values(), PDF]
    return {
        "max_bytes": settings.MAX_UPLOAD_BYTES,
        "max_pixels": settings.MAX_UPLOAD_PIXELS,
        "min_side": MIN_SIDE,
        "max_pages": MAX_PAGES,
        "formats": [
            {
                "name": known.name,
                "suffixes": known.suffixes,
                "content_types": known.content_types,
                "has_pages": known is PDF or known.has_pages,
            }
            for known in formats
        ],
        "tus": {
            "version": tus.VERSION,
            "extensions": tus.EXTENSIONS,
            "checksum_algorithms": tus.ALGORITHMS,
            "suggested_part_bytes": tus.SUGGESTED_PART_BYTES,
        },
    }


def _films() -> dict[str, Any]:
    return {
        "max_bytes": settings.MAX_FILM_BYTES,
        "max_seconds": settings.MAX_FILM_SECONDS,
        "max_pixels": min(MAX_FRAME_PIXELS, settings.MAX_UPLOAD_PIXELS),
        "max_trial_seconds": MAX_TRIAL_SECONDS,
        "formats": list(FILM_FORMATS.values()),
    }


def _coloring() -> dict[str, Any]:
    return {
        "variants": VARIANTS,
        "default_variant": DEFAULT_VARIANT,
        "render_factor": {
            "min": MIN_RENDER_FACTOR,
            "max": MAX_RENDER_FACTOR,
            "default": DEFAULT_RENDER_FACTOR,
        },
        "max_open_jobs": settings.MAX_OPEN_JOBS,
    }


def _at_once() -> dict[str, int]:
    return {
        "default_page_size": PAGE_SIZE,
        "max_page_size": MAX_PAGE_SIZE,
        "lookups": MAX_LOOKUPS,
        "bulk_photos": MAX_PHOTOS,
        "archived_photos": MAX_ARCHIVED,
        "restored": MAX_KEYS,
    }


def _rates() -> list[dict[str, Any]]:
    every = UserThrottle()
    requests = {
        "name": every.counted,
        "number": every.num_requests,
        "seconds": every.duration,
        "per": "user",
    }
    return [requests, *(_rate(scope, rate) for scope in SCOPES for rate in rates.limits(scope))]


def _rate(name: str, rate: Any) -> dict[str, Any]:
    return {
        "name": name,
        "number": rate.amount,
        "seconds": int(rate.duration),
        "per": rate.per,
    }


def _kept_days() -> dict[str, int]:
    return {
        "trash": contents.KEPT_DAYS,
        "archives": archives.KEPT_FOR.days,
        "exports": archives.EXPORT_KEPT_FOR.days,
        "uploads": uploads.KEPT_FOR.days,
        "notices": notices.KEPT_FOR.days,
        "closed_accounts": closing.GRACE.days,
        "idempotency_keys": idempotency_keys.KEPT_FOR.days,
    }


def _account(user: User) -> dict[str, Any]:
    return {
        "quota_bytes": filestore.quota_of(user),
        "bytes_used": filestore.usage_of(user),
        "bytes_reserved": uploads.reserved_for(user),
        "open_jobs": Job.objects.open().asked_for().filter(owner=user).count(),
    }
