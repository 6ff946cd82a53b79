"""Real requests and responses, by the name of the component that they are of."""

from __future__ import annotations

from typing import Any, Final

_SITE: Final = "https://photos.example.org"
_API: Final = f"{_SITE}/api/v1"
_ALBUM: Final = "914bd508-836e-443c-973a-11708be79801"
_PHOTO: Final = "7c9e1f0a-3b52-4d6e-8f41-2a6b9c0d5e17"
_COLORIZATION: Final = "0b6f2c1e-9d3a-4c58-b7e4-5f1a8d2c6e90"
_JOB: Final = "d1009984-e485-4c80-89ed-d785b793bace"
_BEGUN: Final = "2026-11-26T09:00:01.204113Z"
_ENDED: Final = "2026-11-26T09:00:01.921740Z"

_DONE: Final = {
    "state": "succeeded",
    "progress": 100,
    "attempt": 1,
    "error_code": "",
    "error_text": "",
    "queued_at": "2026-11-26T09:00:00.150000Z",
    "started_at": _BEGUN,
    "finished_at": _ENDED,
    "duration_seconds": 0.717627,
}
_VERSION: Final = {
    "id": _COLORIZATION,
    "url": f"{_API}/colorizations/{_COLORIZATION}/",
    "image_url": f"{_API}/colorizations/{_COLORIZATION}/image/",
    "preview_url": f"{_API}/colorizations/{_COLORIZATION}/preview/",
    "thumbnail_url": f"{_API}/colorizations/{_COLORIZATION}/thumbnail/",
    "film_url": None,
    "photo_url": f"{_API}/photos/{_PHOTO}/",
    "job_url": f"{_API}/jobs/{_JOB}/",
    "web_url": f"{_SITE}/colorizations/{_COLORIZATION}/",
    "adjustments_url": f"{_API}/colorizations/{_COLORIZATION}/adjustments/",
    "created_at": "2026-11-26T09:00:00.152553Z",
    "variant": "stable",
    "render_factor": 20,
    "start": None,
    "seconds": None,
    "frames": None,
    "frames_done": None,
    "frames_per_second": None,
    "seconds_left": None,
    "notes": [],
    **_DONE,
    "used_render_factor": 20,
    "weights_name": "compact-stable",
    "weights_sha256": "9a3f2f4f6c0de1c1a4c06b8b1dcb79a7e1f6f9de6fd3c3f3b6f9a2f5cf1d7d20",
    "result_bytes": 4_718_592,
    "changed_at": _ENDED,
    "is_adjusted": False,
    "hints": [{"x": 1240, "y": 860, "color": "#a03020", "radius": 60}],
    "has_reference": False,
    "reference_url": None,
    "reference_seconds": None,
    "is_kept": True,
    "rating": 5,
}

EXAMPLES: Final[dict[str, Any]] = {
    "Album": {
        "id": _ALBUM,
        "url": f"{_API}/albums/{_ALBUM}/",
        "photos_url": f"{_API}/albums/{_ALBUM}/photos/",
        "sections_url": f"{_API}/albums/{_ALBUM}/sections/",
        "web_url": f"{_SITE}/albums/{_ALBUM}/",
        "title": "A summer in Trieste",
        "description": "",
        "photo_order": "taken",
        "cover": None,
        "cover_thumbnail_url": f"{_API}/colorizations/{_COLORIZATION}/thumbnail/",
        "photo_count": 48,
        "colored_count": 31,
        "visibility": "private",
        "shows_details": False,
        "published_at": None,
        "created_at": "2026-11-26T08:58:28.353943Z",
        "is_hidden": False,
        "hidden_reason": "",
    },
    "AlbumRequest": {"title": "A summer in Trieste", "photo_order": "taken"},
    "ArchiveRequest": {"content": "selection", "photos": [_PHOTO], "holds": "results"},
    "ArrangementRequest": {"photos": [_PHOTO], "before": "1b439ea8-9ecf-4f70-8b24-842d67402fb0"},
    "AuthLogin": {"email": "anna@example.org", "password": "correct horse battery staple"},
    "Changes": {
        "changes": [
            {"job": _JOB, "state": "succeeded", "attempt": 1, "changed_at": _ENDED},
        ],
        "jobs": [],
        "cursor": "1.2D2A0HOUDDAtnh6wWRyGjLcITCRPD0wa8STRXO9PriY",
        "has_more": False,
    },
    "ColorRequest": {
        "action": "color",
        "photos": [_PHOTO],
        "variant": "stable",
        "render_factor": 20,
    },
    "ColorizationOptionsRequest": {
        "variant": "stable",
        "render_factor": 20,
        "hints": [{"x": 1240, "y": 860, "color": "#a03020", "radius": 60}],
    },
    "JobWithAttempts": {
        **_DONE,
        "id": _JOB,
        "url": f"{_API}/jobs/{_JOB}/",
        "kind": "colorize_photo",
        "subject": {"type": "colorization", "url": f"{_API}/colorizations/{_COLORIZATION}/"},
        "jobs_ahead": None,
        "estimated_wait_seconds": None,
        "estimated_seconds_left": None,
        "attempts": [
            {
                "number": 1,
                "outcome": "succeeded",
                "started_at": _BEGUN,
                "finished_at": _ENDED,
                "error_code": "",
                "error_text": "",
            }
        ],
    },
    "Outcome": {
        "id": _PHOTO,
        "status": "done",
        "code": "",
        "detail": "",
        "colorization_url": f"{_API}/colorizations/{_COLORIZATION}/",
        "copy_url": None,
    },
    "PatchedPhotoRequest": {
        "title": "On the pier",
        "date_taken": "about 1932",
        "place": "Trieste",
        "people": ["Anna", "Otto"],
        "tags": ["sea"],
    },
    "Photo": {
        "id": _PHOTO,
        "url": f"{_API}/photos/{_PHOTO}/",
        "original_url": f"{_API}/photos/{_PHOTO}/original/",
        "display_url": f"{_API}/photos/{_PHOTO}/display/",
        "thumbnail_url": f"{_API}/photos/{_PHOTO}/thumbnail/",
        "colorizations_url": f"{_API}/photos/{_PHOTO}/colorizations/",
        "album_url": f"{_API}/albums/{_ALBUM}/",
        "web_url": f"{_SITE}/photos/{_PHOTO}/",
        "name": "On the pier",
        "original_name": "scan_0012.jpg",
        "title": "On the pier",
        "caption": "",
        "date_taken": "1932~",
        "date_taken_text": "about 1932",
        "place": "Trieste",
        "people": ["Anna", "Otto"],
        "tags": ["sea"],
        "media_kind": "photo",
        "film": None,
        "format": "JPEG",
        "width": 4000,
        "height": 3000,
        "flaw": "",
        "bytes": 3_541_207,
        "sha256": "ee00cb5f550c7b0f873003c7a617d2b05a285fb89ab6ef0d59eacbe8184768b6",
        "created_at": "2026-11-26T08:59:29.077469Z",
        "album": _ALBUM,
        "section": None,
        "is_favorite": False,
        "is_hidden": False,
        "hidden_reason": "",
        "colorization_count": 1,
        "colorizations": [_VERSION],
    },
    "Problem": {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": 'variant: "sepia" is not a valid choice.',
        "code": "invalid",
        "errors": [
            {
                "field": "variant",
                "code": "invalid_choice",
                "detail": '"sepia" is not a valid choice.',
            }
        ],
    },
    "RestoreRequest": {"photos": [_PHOTO]},
    "TrashSize": {"albums": 0, "photos": 2, "colorizations": 1, "bytes": 5_316_448},
    "WaitingColorization": {**_VERSION, "jobs_ahead": None, "estimated_wait_seconds": None},
    "NewSecretRequest": {
        "target_url": "https://app.example.org/hooks/photos",
        "events": ["job.succeeded", "job.failed"],
    },
}
