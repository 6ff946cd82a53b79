"""Every page of the site by the name of its route, and why other routes are no pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import URLResolver, get_resolver, reverse

from tests.screenshots.scene import Scene

FOR_STAFF_OR_PROGRAMS: Final = ("admin:", "api:", "headless:", "accounts_api:")
GUEST, MEMBER, CAUTIOUS, NEWCOMER = "guest", "member", "cautious", "newcomer"


@dataclass(frozen=True)
class Shot:
    """
    Attributes:
        name: of the route; or what the page is, where one route has several.
        form: sent by POST, for pages that ask about what was selected.
    """

    name: str
    address: str
    visitor: str = MEMBER
    form: tuple[tuple[str, str], ...] | None = None


# By the route's name: whose page it is, and the object in its address.
PLAIN: Final = {
    MEMBER: (
        "gallery:home gallery:explore gallery:activity gallery:notices gallery:upload gallery:album-create "
        "gallery:search gallery:timeline gallery:favorites gallery:duplicates gallery:duplicates-keep "
        "gallery:people gallery:tags gallery:places gallery:trash gallery:trash-empty gallery:storage "
        "gallery:shares "
        "gallery:account-export gallery:account-delete webhooks:webhooks webhooks:webhook-create "
        "settings:profile settings:preferences settings:security settings:sessions settings:keys "
        "settings:key-create account_logout account_reauthenticate account_email account_change_password "
        "mfa_activate_totp mfa_add_webauthn offline"
    ),
    CAUTIOUS: "mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes mfa_reauthenticate",
    GUEST: (
        "account_login account_signup account_reset_password account_reset_password_done "
        "account_reset_password_from_key_done account_inactive "
        "legal:privacy legal:terms legal:contact"
    ),
}
WITH_OBJECT: Final = {
    "gallery:album": "album",
    "gallery:album-edit": "album",
    "gallery:album-sections": "album",
    "gallery:album-publish": "album",
    "gallery:album-delete": "album",
    "gallery:album-share": "album",
    "gallery:archive": "archive",
    "gallery:download": "download",
    "gallery:photo": "photo",
    "gallery:photo-styles": "photo",
    "gallery:photo-hints": "photo",
    "gallery:photo-edit": "photo",
    "gallery:photo-delete": "photo",
    "gallery:photo-share": "photo",
    "gallery:share-edit": "share",
    "gallery:share-delete": "share",
    "gallery:person-edit": "person",
    "gallery:tag-edit": "tag",
    "gallery:album-in-trash": "album in trash",
    "gallery:colorization-delete": "colorization",
    "gallery:colorization-adjust": "colorization",
    "moderation:colorization-report": "colorization",
    "webhooks:webhook": "webhook",
}
SELECTION: Final = ("move", "copy", "section", "edit", "color", "adjust", "download", "delete")
UNDER_LINKS: Final = ("shared:photo", "moderation:shared-report")
# Others of the same routes.
MORE: Final = (
    Shot("landing", "/", GUEST),
    Shot("home-empty", "/", NEWCOMER),
    Shot("search-nothing", "/search/?q=zeppelin"),
    Shot("not-found", "/nowhere/"),
)

EXCLUDED: Final = {
    "It changes something and leads to another page.": (
        "gallery:jobs-cancel gallery:jobs-retry gallery:job-cancel gallery:job-retry gallery:account-keep "
        "gallery:notices-read gallery:notice gallery:album-order gallery:album-place gallery:section "
        "gallery:album-upload gallery:album-archive gallery:archive-cancel gallery:archive-again "
        "gallery:colorization-downloads gallery:download-cancel gallery:photo-colorize gallery:photo-judge "
        "gallery:photo-try gallery:photo-favorite gallery:photo-keep gallery:selection-front "
        "gallery:selection-back gallery:selection-cover gallery:trash-restore gallery:trash-undo "
        "gallery:colorizations-cancel gallery:colorization gallery:colorization-cancel "
        "settings:sessions-end-others settings:session-end settings:key-revoke webhooks:webhook-switch "
        "webhooks:webhook-rotate webhooks:webhook-test webhooks:webhook-delete webhooks:delivery-resend "
        "set_language"
    ),
    "It is a file, or a part that a script of a page asks for.": (
        "gallery:progress gallery:upload-choices gallery:archive-file gallery:download-file "
        "gallery:photo-status gallery:photo-style gallery:photo-hints-preview gallery:photo-hints-colors "
        "gallery:photo-hints-reference gallery:photo-hints-frame gallery:photo-tiles gallery:photo-tile "
        "gallery:photo-thumbnail gallery:photo-display gallery:photo-original gallery:photo-in-trash-thumbnail "
        "gallery:colorization-in-trash-thumbnail gallery:colorization-unadjusted gallery:colorization-preview "
        "gallery:colorization-thumbnail gallery:colorization-film gallery:colorization-tiles "
        "gallery:colorization-tile gallery:colorization-image mfa_download_recovery_codes mfa_login_webauthn "
        "shared:file shared:tiles shared:tile manifest service-worker javascript-catalog"
    ),
    "It leads to a page of the settings.": "mfa_index mfa_list_webauthn usersessions_list",
    "It needs a key or a code of this moment: a link from an email, a login half done, a passkey.": (
        "interrupted account_email_verification_sent account_reset_password_from_key "
        "account_confirm_login_code mfa_authenticate mfa_reauthenticate_webauthn mfa_remove_webauthn "
        "mfa_edit_webauthn account_set_password"
    ),
    "It is for programs.": "healthz readyz metrics",
}


def shots(scene: Scene) -> Iterator[Shot]:
    for visitor, names in PLAIN.items():
        for name in names.split():
            yield Shot(name, reverse(name), visitor)
    for name, kind in WITH_OBJECT.items():
        yield Shot(name, reverse(name, args=[scene.keys[kind]]))
    for page in ("photo", "photo-hints"):
        yield Shot(f"gallery:{page}-film", reverse(f"gallery:{page}", args=[scene.keys["film"]]))
    yield from _under_links(scene)
    for action in SELECTION:
        name, keys = (
            f"gallery:selection-{action}",
            ",".join(str(photo.pk) for photo in scene.photos[:5]),
        )
        yield Shot(name, reverse(name), form=(("photos", keys),))
    thing = (("things", f"photo:{scene.gone.pk}"),)
    yield Shot("gallery:trash-delete", reverse("gallery:trash-delete"), form=thing)
    yield from MORE


def _under_links(scene: Scene) -> Iterator[Shot]:
    token, photo = scene.shared.token, scene.photos[0].pk
    yield Shot("shared:share", scene.shared.get_absolute_url(), GUEST)
    yield Shot("shared:unlock", scene.locked.get_absolute_url(), GUEST)
    for name in UNDER_LINKS:
        yield Shot(name, reverse(name, args=[token, photo]), GUEST)


def unknown_routes() -> set[str]:
    """Those that are neither listed here nor excluded."""
    listed = {name for names in (*PLAIN.values(), *EXCLUDED.values()) for name in names.split()}
    asking = {f"gallery:selection-{action}" for action in SELECTION} | {"gallery:trash-delete"}
    under_links = {"shared:share", "shared:unlock", *UNDER_LINKS}
    return set(_names(get_resolver(), "")) - listed - asking - under_links - set(WITH_OBJECT)


def _names(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            if not inner.startswith(FOR_STAFF_OR_PROGRAMS):
                yield from _names(entry, inner)
        elif entry.name:
            yield prefix + entry.name
