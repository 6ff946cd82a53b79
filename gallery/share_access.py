"""Links with a password: whoever has typed it carries a proof of that for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts import rates
from gallery.models.shares import Share

SALT: Final = "gallery.share_access"
LASTS: Final = timedelta(days=7)


def proof_for(request: HttpRequest, share: Share, password: str) -> str:
    """What opens the share from now on; "" when the password is wrong.

    Raises:
        TooManyRequestsError: too many wrong ones have come, from this network address or from all of them.
    """
    counts = {
        "share_password": f"{share.pk} {get_ip(request)}",
        "share_password_anywhere": str(share.pk),
    }
    for action, key in counts.items():
        rates.consume(request, action, key=key)
    if not check_password(password, share.password):
        return ""
    # Who knows it guesses nothing, and a whole class may have one network address.
    for action, key in counts.items():
        rates.give_back(request, action, key=key)
    return sealed(share)


def sealed(share: Share) -> str:
    return signing.dumps(_seals(share)[0], salt=SALT)


def is_open(share: Share, proof: str) -> bool:
    """Whether it has no password, or the proof is of the present one."""
    if not share.password:
        return True
    try:
        seal: list[str] = signing.loads(proof, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return False
    return seal in _seals(share)


def _seals(share: Share) -> list[list[str]]:
    """With the site's secret key of now, and with its earlier ones."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        [str(share.pk), salted_hmac(SALT, share.password, secret=key).hexdigest()] for key in keys
    ]
