"""The tables of an export that the gallery and the apps below it have."""

from __future__ import annotations

from typing import Final

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db.models import Model

from accounts.models import ApiKey, User
from colorizer.models import (
    Adjustment,
    Colorization,
    Film,
    FilmSegment,
    Guidance,
    PicturePack,
)
from filestore.models import StoredFile, Upload, UploadPart
from gallery.exports import Table, leave_out, register
from gallery.models import (
    Album,
    Archive,
    ArchivePart,
    Download,
    IdempotentRequest,
    Notice,
    Person,
    Photo,
    Section,
    Tag,
)
from gallery.models.shares import Share
from jobs import kinds
from jobs.models import Attempt, Job, JobEvent

STAFF: Final = "Which member of the staff it was is the site's affair."
OPENS_THE_ACCOUNT: Final = "It opens the account, also for whoever finds the export."
PRIVILEGES: Final = "What members of the staff may do is the site's affair."
INTERNAL: Final = "How the site works inside, which says nothing about the person."

TABLES: Final = [
    Table(
        "account",
        User,
        lambda owner: User.objects.filter(pk=owner.pk),
        {
            "password": OPENS_THE_ACCOUNT,
            "sessions_ended": INTERNAL,
            "suspended_by": STAFF,
            "groups": PRIVILEGES,
            "user_permissions": PRIVILEGES,
        },
    ),
    Table("email_addresses", EmailAddress, lambda owner: EmailAddress.objects.filter(user=owner)),
    Table(
        "api_keys",
        ApiKey,
        lambda owner: ApiKey.objects.filter(owner=owner),
        {"digest": OPENS_THE_ACCOUNT, "session_hash": OPENS_THE_ACCOUNT},
    ),
    Table(
        "second_factors",
        Authenticator,
        lambda owner: Authenticator.objects.filter(user=owner),
        {"data": OPENS_THE_ACCOUNT},
    ),
    Table(
        "devices",
        UserSession,
        lambda owner: UserSession.objects.filter(user=owner),
        {"session_key": OPENS_THE_ACCOUNT, "data": INTERNAL},
    ),
    Table(
        "albums",
        Album,
        lambda owner: Album.objects.filter(owner=owner),
        {"hidden_by": STAFF},
    ),
    Table("sections", Section, lambda owner: Section.objects.filter(album__owner=owner)),
    Table(
        "photos",
        Photo,
        lambda owner: Photo.objects.filter(album__owner=owner),
        {"hidden_by": STAFF, "search_text": "The words of the other fields once more."},
        names=("people", "tags"),
    ),
    Table(
        "shares",
        Share,
        lambda owner: Share.objects.filter(owner=owner),
        {"password": "It opens what is shared, also for whoever finds the export."},
    ),
    Table("films", Film, lambda owner: Film.objects.filter(source__owner=owner)),
    Table("people", Person, lambda owner: Person.objects.filter(owner=owner)),
    Table("tags", Tag, lambda owner: Tag.objects.filter(owner=owner)),
    Table(
        "colorizations",
        Colorization,
        lambda owner: Colorization.objects.filter(owner=owner),
        {"helpers": INTERNAL},
    ),
    Table(
        "adjustments",
        Adjustment,
        lambda owner: Adjustment.objects.filter(colorization__owner=owner),
    ),
    Table(
        "hints",
        Guidance,
        lambda owner: Guidance.objects.filter(colorization__owner=owner),
        {"digest": INTERNAL},
    ),
    Table(
        "uploads",
        Upload,
        lambda owner: Upload.objects.filter(owner=owner),
        {"files": "What became of an upload is among the files."},
    ),
    Table("files", StoredFile, lambda owner: StoredFile.objects.filter(owner=owner)),
    Table(
        "zip_files",
        Archive,
        lambda owner: Archive.objects.filter(owner=owner),
        {"photos": "The zip file itself names them."},
    ),
    Table(
        "notices",
        Notice,
        lambda owner: Notice.objects.filter(owner=owner),
        {"awaits_mail": INTERNAL},
    ),
    Table(
        "jobs",
        Job,
        lambda owner: Job.objects.filter(owner=owner).exclude(kind__in=kinds.helpers()),
        {"lease_token": INTERNAL, "lease_expires_at": INTERNAL, "cluster": INTERNAL},
    ),
    Table(
        "attempts",
        Attempt,
        lambda owner: Attempt.objects.filter(job__owner=owner).exclude(
            job__kind__in=kinds.helpers()
        ),
        {"worker": INTERNAL},
    ),
    Table(
        "job_events",
        JobEvent,
        lambda owner: JobEvent.objects.filter(job__owner=owner).exclude(
            job__kind__in=kinds.helpers()
        ),
        {"awaits_notice": INTERNAL},
    ),
]
LEFT_OUT: Final[dict[type[Model], str]] = {
    LogEntry: "The log of what the staff did is the site's.",
    Group: PRIVILEGES,
    Permission: PRIVILEGES,
    EmailConfirmation: "Codes are typed where the account is; this table of allauth stays empty.",
    UploadPart: "Pieces of a file that is on its way: there is no picture yet.",
    IdempotentRequest: "Answers of the API to requests that may be sent again, for a day: copies of what is exported.",
    FilmSegment: "Parts of a film in color, until all of it is: then it is among the files.",
    PicturePack: "Tiles and previews, for a while: copies of what is exported, in other sizes.",
    Download: "Copies of versions in other formats, for a day.",
    ArchivePart: "The zip files themselves are copies of what is exported.",
}


def register_all() -> None:
    for table in TABLES:
        register(table)
    for model, reason in LEFT_OUT.items():
        leave_out(model, reason)
