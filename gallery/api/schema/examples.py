"""Real requests and responses, by the name of the component that they are of."""

from __future__ import annotations

from typing import Any, Final

_PHOTO: Final = "7c9e1f0a-3b52-4d6e-8f41-2a6b9c0d5e17"
_COLORIZATION: Final = "0b6f2c1e-9d3a-4c58-b7e4-5f1a8d2c6e90"

EXAMPLES: Final[dict[str, Any]] = {
    "AlbumRequest": {"title": "A summer in Trieste", "photo_order": "taken"},
    "ArchiveRequest": {"content": "selection", "photos": [_PHOTO], "holds": "results"},
    "AuthLogin": {"email": "anna@example.org", "password": "correct horse battery staple"},
    "ColorizationOptionsRequest": {"variant": "stable", "render_factor": 20},
    "PatchedPhotoRequest": {
        "title": "On the pier",
        "date_taken": "about 1932",
        "place": "Trieste",
        "people": ["Anna", "Otto"],
        "tags": ["sea"],
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
}
