"""allauth's own description of its addresses, as far as this site has them."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.headless.spec import __file__ as allauth_file
from allauth.headless.spec.internal import schema as allauth_schema
from allauth.mfa.adapter import get_adapter as get_mfa_adapter

from gallery.api.problems import MEDIA_TYPE
from gallery.api.schema import headers
from gallery.api.schema.references import nodes, used_components

ROOT: Final = "/_allauth/app/v1/"
PREFIX: Final = "Auth"
"""Of the names of its components, which would be ours otherwise."""

OPERATIONS: Final[dict[str, dict[str, str]]] = {
    "config": {"get": "get_auth_config"},
    "auth/login": {"post": "log_in"},
    "auth/signup": {"post": "sign_up"},
    "auth/email/verify": {"get": "get_email_verification", "post": "verify_email"},
    "auth/email/verify/resend": {"post": "resend_email_verification"},
    "auth/reauthenticate": {"post": "reauthenticate"},
    "auth/password/request": {"post": "request_password_reset"},
    "auth/password/reset": {"get": "get_password_reset", "post": "reset_password"},
    "auth/2fa/authenticate": {"post": "authenticate_with_code"},
    "auth/2fa/reauthenticate": {"post": "reauthenticate_with_code"},
    "auth/webauthn/authenticate": {
        "get": "get_passkey_authentication",
        "post": "authenticate_with_passkey",
    },
    "auth/webauthn/reauthenticate": {
        "get": "get_passkey_reauthentication",
        "post": "reauthenticate_with_passkey",
    },
    "auth/webauthn/login": {"get": "get_passkey_login", "post": "log_in_with_passkey"},
    "auth/session": {"get": "get_session", "delete": "log_out"},
    "auth/sessions": {"get": "list_sessions", "delete": "end_sessions"},
    "account/password/change": {"post": "change_password"},
    "account/email": {
        "get": "list_emails",
        "post": "add_email",
        "put": "request_email_verification",
        "patch": "make_email_primary",
        "delete": "remove_email",
    },
    "account/authenticators": {"get": "list_authenticators"},
    "account/authenticators/totp": {
        "get": "get_totp",
        "post": "activate_totp",
        "delete": "deactivate_totp",
    },
    "account/authenticators/recovery-codes": {
        "get": "get_recovery_codes",
        "post": "create_recovery_codes",
    },
    "account/authenticators/webauthn": {
        "get": "get_passkey_creation",
        "post": "add_passkey",
        "put": "rename_passkey",
        "delete": "delete_passkeys",
    },
}
"""By address, below the root, and method. Phone numbers, social accounts, login by code and JWT are not here."""

TAGS: Final = {
    "login": "Signing up, logging in and out, passwords, sessions. Bodies are allauth's own, errors included.",
    "second-factor": "Authenticator apps, passkeys and recovery codes.",
    "emails": "The addresses of the account.",
}

# allauth has these, too, and does not say so.
MISSING_RESPONSES: Final = {
    ("account/password/change", "post"): "Authenticated",
    ("account/authenticators/recovery-codes", "post"): "RecoveryCodes",
}
# Resetting a password goes by a link here, not by a code in a session.
BY_CODE_ONLY: Final = {
    ("auth/password/request", "post"): ("401",),
    ("auth/password/reset", "get"): ("409",),
    ("auth/password/reset", "post"): ("409",),
}
NAMES_OF_REFUSALS: Final = {
    "400": "Refused",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "410": "Gone",
    "429": "TooManyRequests",
}
NEXT_STEP: Final = {"$ref": "#/components/responses/NextStep"}
PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
# See colorsite.login_problems.
OWN_RESPONSES: Final[dict[str, Any]] = {
    "Refused": {
        "description": "An error, with what allauth says of it: `data`, `meta`, and the `errors` of fields. "
        "`code` is `invalid` when a field is wrong, else what keeps the request from being read. "
        "What `errors` have for a `code` is in `x-error-codes`.",
        "content": {MEDIA_TYPE: {"schema": PROBLEM}},
    },
    **{
        name: {
            "description": f"`code` is `{code}`: {text}",
            "content": {MEDIA_TYPE: {"schema": PROBLEM}},
        }
        for name, code, text in (
            ("Forbidden", "permission_denied", "this is closed to you."),
            ("NotFound", "not_found", "there is no such thing."),
            ("Conflict", "conflict", "you are logged in already, or nothing waits for this step."),
            (
                "Gone",
                "authentication_failed",
                "the session has ended: begin again without a token.",
            ),
            ("TooManyRequests", "throttled", "too many requests, or wrong passwords."),
        )
    },
    "NextStep": {
        "description": "Not logged in: the next step is among `data.flows`. Without any, an error.",
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/AuthenticationResponse"},
                        {"$ref": "#/components/schemas/ReauthenticationResponse"},
                    ]
                }
            },
            MEDIA_TYPE: {"schema": PROBLEM},
        },
    },
}
CODES_OF_FORMS: Final = {
    "invalid",
    "invalid_choice",
    "max_length",
    "password_entirely_numeric",
    "password_too_common",
    "password_too_short",
    "password_too_similar",
    "required",
}
MISSING_FLOW: Final = "mfa_login_webauthn"
TOKEN: Final = "#/components/parameters/SessionToken"  # noqa: S105  (the name of a parameter)
WITHOUT_TOKEN: Final = {"get_passkey_login", "log_in_with_passkey"}


def description() -> tuple[dict[str, Any], dict[str, Any]]:
    """Paths and components."""
    allauth = _of_this_site()
    paths = {
        ROOT + address: {
            method: _operation(address, method, allauth["paths"][ROOT + address][method])
            for method in methods
        }
        for address, methods in OPERATIONS.items()
    }
    for node in nodes([paths, allauth["components"]]):
        _as_in_openapi_31(node)
    return _renamed(paths, used_components(paths, allauth["components"]))


def addresses() -> set[str]:
    """All that allauth describes and this site routes."""
    return {path.removeprefix(ROOT) for path in _of_this_site()["paths"]}


def _of_this_site() -> dict[str, Any]:
    """As allauth serves it, if it is to: without its root, which is not ours."""
    spec = deepcopy(_as_allauth_has_it())
    flow = spec["components"]["schemas"]["Flow"]["properties"]["id"]
    flow.update({"enum": [*flow["enum"], MISSING_FLOW], "x-open-enum": True})
    # Null where there was neither a token nor a cookie.
    meta = spec["components"]["schemas"]["AuthenticationMeta"]["allOf"][1]["properties"]
    meta["is_authenticated"]["type"] = ["boolean", "null"]
    responses = spec["components"]["responses"]
    responses.update(deepcopy(OWN_RESPONSES))
    responses["Refused"]["x-error-codes"] = sorted(_codes_of_fields())
    responses["TooManyRequests"]["headers"] = {"Retry-After": headers.described("Retry-After")}
    _make_problem(responses["TOTPAuthenticatorNotFound"])
    allauth_schema.specify_user(spec)
    allauth_schema.pin_client(spec)
    allauth_schema.drop_unused_client_parameter(spec)
    allauth_schema.drop_unused_paths(spec)
    allauth_schema.specify_signup_fields(spec)
    allauth_schema.specify_custom_signup_form(spec)
    return spec


@cache
def _as_allauth_has_it() -> dict[str, Any]:
    text = (Path(allauth_file).parent / "doc" / "openapi.yaml").read_text()
    found: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return found


def _codes_of_fields() -> set[str]:
    """Of allauth, Django's validators of passwords, and form fields."""
    of_allauth = {*get_account_adapter().error_messages, *get_mfa_adapter().error_messages}
    here = {
        code for code in of_allauth if not code.startswith(("phone_", "username_", "unknown_phone"))
    }
    return here | CODES_OF_FORMS


def _make_problem(response: dict[str, Any]) -> None:
    """It is none to the app that begins to set up an authenticator: its `meta` has the secret."""
    meta = response["content"]["application/json"]["schema"]["properties"]["meta"]
    more = {"type": "object", "properties": {"meta": meta}, "required": ["meta"]}
    response["content"] = {MEDIA_TYPE: {"schema": {"allOf": [dict(PROBLEM), more]}}}


def _operation(address: str, method: str, described: dict[str, Any]) -> dict[str, Any]:
    parameters = described.pop("parameters", [])
    name = OPERATIONS[address][method]
    others = [each for each in parameters if each != {"$ref": TOKEN}]
    if others != parameters:
        described["responses"].setdefault("401", NEXT_STEP)
    token: list[dict[str, list[str]]] = [{"sessionToken": []}] if others != parameters else []
    return {
        **described,
        "operationId": name,
        "summary": described.get("summary", "").strip(),
        "tags": [_tag(address)],
        "security": [*token, {}] if name in WITHOUT_TOKEN else token,
        "x-stability": "stable",
        **({"parameters": others} if others else {}),
        "responses": _responses(address, method, described["responses"]),
    }


def _tag(address: str) -> str:
    if any(part in address for part in ("2fa", "webauthn", "authenticators")):
        return "second-factor"
    return "emails" if "email" in address else "login"


def _responses(address: str, method: str, described: dict[str, Any]) -> dict[str, Any]:
    # What no address can read, and a token that is not valid anymore.
    found = {**described, "400": {}, "410": {}}
    for status in BY_CODE_ONLY.get((address, method), ()):
        found.pop(status, None)
    if name := MISSING_RESPONSES.get((address, method)):
        found["200"] = {"$ref": f"#/components/responses/{name}"}
    if method != "get":
        found["429"] = {}
    return {status: _response(status, found[status]) for status in sorted(found)}


def _response(status: str, described: dict[str, Any]) -> dict[str, Any]:
    """Errors are problem details; 401 may be one, or say what the next step of logging in is."""
    if status < "400":
        return described
    if status == "401":
        return dict(NEXT_STEP)
    if described == {"$ref": "#/components/responses/TOTPAuthenticatorNotFound"}:
        return described
    return {"$ref": f"#/components/responses/{NAMES_OF_REFUSALS[status]}"}


def _as_in_openapi_31(node: dict[str, Any]) -> None:
    # Its examples show what this site has not: social accounts, user names.
    node.pop("examples", None)
    node.pop("example", None)
    if node.pop("nullable", False):
        node["oneOf"] = [{"$ref": node.pop("$ref")}, {"type": "null"}]


def _renamed(
    paths: dict[str, Any], components: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    for node in nodes([paths, components]):
        if "$ref" in node and node["$ref"] != PROBLEM["$ref"]:
            start, _slash, name = node["$ref"].rpartition("/")
            node["$ref"] = f"{start}/{PREFIX}{name}"
    named = {
        kind: {PREFIX + name: each for name, each in found.items()}
        for kind, found in components.items()
    }
    return paths, named
