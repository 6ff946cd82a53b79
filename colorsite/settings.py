"""Django settings. What differs between sites is read from colorsite.environment, nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from colorsite.api_settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS
from colorsite.database_settings import database_at
from colorsite.environment import BASE_DIR, load_environment
from colorsite.log_settings import lines_on_standard_error
from colorsite.own_files import load_secret_key, make_folder

environment = load_environment()
DATA_DIR = make_folder("DATA_DIR", environment.DATA_DIR)

DEBUG = environment.DEBUG
SECRET_KEY = load_secret_key(environment)
SECRET_KEY_FALLBACKS = environment.SECRET_KEY_FALLBACKS
SITE_URL = environment.SITE_URL
SITE_HOST = urlsplit(SITE_URL).netloc
IS_LOOPBACK = environment.is_loopback
SITE_NAME = environment.SITE_NAME
ALLOWED_HOSTS = environment.host_names
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ADMIN_EMAIL = environment.ADMIN_EMAIL

INSTALLED_APPS = [
    "accounts",
    "filestore",
    "jobs",
    "colorizer",
    "gallery",
    "moderation",
    "webhooks",
    "colorsite",
    "colorsite.apps.TintypeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_q",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "colorsite.logs.request_ids",
    "colorsite.language.as_the_browser_asks",
    "colorsite.time_zone.as_the_browser_names_it",
    "colorsite.caching.private_unless_said",
    "colorsite.compression.CompressJson",
    "colorsite.login_problems.problems_at_login",
    "colorsite.site_address.links_from_site_url",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "colorsite.bad_requests.RefuseBadRequests",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "colorsite.language.as_the_person_chose",
    "accounts.devices.remember_last_seen",
    "gallery.closed_accounts.ClosedAccounts",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "colorsite.interrupted.keep_what_was_typed",
]

ROOT_URLCONF = "colorsite.urls"
WSGI_APPLICATION = "colorsite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["colorsite.templatetags.site", "django.templatetags.i18n"],
        },
    }
]

# Database, cache and queue

DATABASES = {"default": database_at(environment.DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits are counted here: all processes of all hosts share it.
SHARED_CACHE: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "cache",
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
if environment.REDIS_URL:
    SHARED_CACHE = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environment.REDIS_URL,
    }
CACHES = {
    "default": SHARED_CACHE,
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # A few hundred bytes for each address that somebody asks the API for again.
    "unchanged": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "unchanged",
        "TIMEOUT": 4 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

Q_CLUSTER: dict[str, Any] = {
    "name": "tintype",
    "label": "Jobs",
    # What a cluster says of itself, twice a second. Nobody else asks.
    "cache": "process",
    "workers": environment.WORKERS,
    "timeout": 600,
    "retry": 660,
    # A message that failed is sent again for as long as its job waits.
    "ack_failures": True,
    "save_limit": -1,
    # Memory that a library leaked comes back.
    "recycle": 200,
    "poll": 0.5,
    # The supervisor does what is to be done from time to time.
    "scheduler": False,
    # Each cluster has a queue of its own, named after its record.
    "ALT_CLUSTERS": {},
    # Must divide timeout + 3, or the guard never notices a timeout.
    "guard_cycle": 0.5,
    **({"redis": environment.REDIS_URL} if environment.REDIS_URL else {"orm": "default"}),
}

# How many workers there are for each kind of job on this machine.
WORKERS = {
    "photos": environment.WORKERS,
    "videos": environment.VIDEO_WORKERS,
    "files": environment.FILE_WORKERS,
}
# After so many seconds a worker is killed: what hangs must not keep it forever.
JOB_TIMEOUTS = {"photos": 600, "videos": 24 * 3600, "files": 6 * 3600}
MODEL_MEMORY_MB = environment.MODEL_MEMORY_MB
MAX_OPEN_JOBS = environment.MAX_OPEN_JOBS
# How many clients may be told of changes by a stream, in each web process.
SSE_CONNECTIONS = environment.SSE_CONNECTIONS
# Where webhooks may go beside public addresses.
WEBHOOK_ALLOWED_NETWORKS = environment.WEBHOOK_ALLOWED_NETWORKS
# How long nothing of a person's photos may have been open before they are told that all are done.
NOTICE_AFTER_SECONDS: float = 60
# How long a job may go on when the workers are told to stop.
DRAIN_SECONDS = environment.DRAIN_SECONDS
# A worker that is silent for so long has lost its job to the next one.
JOB_LEASE_SECONDS = 60
# After a failure that may pass, a job is tried again when so much time has passed, then three times as much.
JOB_RETRY_SECONDS: float = 10
# How often each cluster gets a health probe. One that misses three is restarted, so that a frozen
# one is back within four minutes.
HEALTH_PROBE_SECONDS: float = 55

# Weights

WEIGHTS_DIR: Path = environment.WEIGHTS_DIR or DATA_DIR / "weights"
# By variant; an empty one means the best that are installed.
WEIGHTS_OVERRIDES = {
    "artistic": environment.WEIGHTS_ARTISTIC,
    "stable": environment.WEIGHTS_STABLE,
    "video": environment.WEIGHTS_VIDEO,
}

# Files

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("vendor/idb", NODE_MODULES / "idb/build"),
    ("vendor/tus", NODE_MODULES / "tus-js-client/dist"),
    ("vendor/htmx", NODE_MODULES / "htmx.org/dist"),
    ("vendor/img-comparison-slider", NODE_MODULES / "img-comparison-slider/dist"),
    ("vendor/sortablejs", NODE_MODULES / "sortablejs/modular"),
    ("vendor/fonts/instrument-sans", NODE_MODULES / "@fontsource-variable/instrument-sans"),
    ("vendor/fonts/newsreader", NODE_MODULES / "@fontsource-variable/newsreader"),
]


def _media_storage(address: str) -> dict[str, Any]:
    if not address.startswith("s3://"):
        return {"BACKEND": "filestore.storages.FolderStorage"}  # the folder is MEDIA_ROOT
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    endpoint = environment.AWS_S3_ENDPOINT_URL or None
    options = {
        "bucket_name": bucket,
        "location": prefix.strip("/"),
        "endpoint_url": endpoint,
        # Servers of one's own have seldom a host name for each bucket.
        "addressing_style": "path" if endpoint else None,
        "file_overwrite": False,
    }
    return {"BACKEND": "filestore.buckets.BucketStorage", "OPTIONS": options}


STORAGES = {
    "default": _media_storage(environment.MEDIA_STORAGE),
    "staticfiles": {"BACKEND": "colorsite.static_files.StaticFiles"},
}
# Pictures are served by views that check the viewer's permissions: there is no MEDIA_URL.
MEDIA_ROOT = (
    ""
    if environment.MEDIA_STORAGE.startswith("s3://")
    else make_folder("MEDIA_STORAGE", Path(environment.MEDIA_STORAGE))
)
# Uploads go to disk as they come in, not to memory: those of members, up to the limit.
FILE_UPLOAD_HANDLERS = ["filestore.upload_handler.BoundedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = make_folder("MEDIA_STORAGE", Path(MEDIA_ROOT or DATA_DIR) / "temporary")
FILE_UPLOAD_PERMISSIONS = 0o640
# The largest body of a request without files; the web server asks it, too.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
QUOTA_BYTES = environment.QUOTA_BYTES
MAX_UPLOAD_BYTES = environment.MAX_UPLOAD_BYTES
# Larger zip files come in parts: one of them at a time lies on a worker's disk, and every file system takes them.
ARCHIVE_PART_BYTES = 10 * 10**9
MAX_FILM_BYTES = environment.MAX_FILM_BYTES
MAX_FILM_SECONDS = environment.MAX_FILM_SECONDS
MAX_UPLOAD_PIXELS = environment.MAX_UPLOAD_PIXELS
DECODE_SECONDS = environment.DECODE_SECONDS

# People

AUTH_USER_MODEL = "accounts.User"
SESSION_ENGINE = "accounts.sessions"
AUTHENTICATION_BACKENDS = ["accounts.auth_backends.AddressBackend"]
# Addresses that nobody proved need not be unique, and the backend knows what to do with them.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "gallery:home"
LOGOUT_REDIRECT_URL = "gallery:home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.signup.SignupForm"
ACCOUNT_FORMS = {
    "confirm_email_verification_code": "accounts.forms.ConfirmCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
# By a code, which is typed where the account is: no unproved address is ever kept with another account.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/accounts/email/"
# Without one, messages are in the log, and people are let in without confirming their addresses.
HAS_MAIL_SERVER = bool(environment.EMAIL_HOST)
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_SESSION_REMEMBER = True
# Beside allauth's own limits, those of `accounts.rates`. Reports need no account. No single network address
# can use up what is there for an email address, so nobody keeps its owner out; for failed logins the key is
# email and network address, see `accounts.adapter`.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key,30/d/key",
    "login_failed_anywhere": "1000/d/key",
    "confirm_email": "10/m/ip,15/m/key",
    "reset_password": "10/m/ip,15/m/key",
    "upload": "600/m/user",
    "job": "1200/m/user",
    # A drag asks five times a second.
    "preview": "600/m/user",
    "album": "120/m/user",
    "report": "20/h/ip",
    "api_key": "30/h/user",
    "webhook": "60/m/user",
    "interrupted": "60/h/ip",
    "share": "120/m/user",
    # For a link and a network address, and for the link from all of them.
    "share_password": "20/h/key",
    "share_password_anywhere": "300/h/key",
}
# Beside the password: codes of an app, passkeys, and codes for somebody who has lost both.
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
# The code of the period before: clocks differ, and people type slowly.
MFA_TOTP_TOLERANCE = 1
# Without a mail server nobody could prove an address first.
MFA_ALLOW_UNVERIFIED_EMAIL = not HAS_MAIL_SERVER
# Browsers allow passkeys at http://localhost, too, and nowhere else without https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOOPBACK
ALLAUTH_TRUSTED_PROXY_COUNT = environment.TRUSTED_PROXIES
HEADLESS_CLIENTS = ("app",)

if environment.EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_HOST = environment.EMAIL_HOST
EMAIL_PORT = environment.EMAIL_PORT
EMAIL_HOST_USER = environment.EMAIL_HOST_USER
EMAIL_HOST_PASSWORD = environment.EMAIL_HOST_PASSWORD
EMAIL_USE_TLS = environment.EMAIL_USE_TLS
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.DEFAULT_FROM_EMAIL

# API

REST_FRAMEWORK["NUM_PROXIES"] = environment.TRUSTED_PROXIES
SPECTACULAR_SETTINGS["TITLE"] = SITE_NAME

# What the operator says of privacy, terms and contact
LEGAL_DIR = environment.LEGAL_DIR

# Who reads /metrics beside staff
METRICS_TOKEN = environment.METRICS_TOKEN

# Security

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = environment.is_https
if environment.is_https:
    # Names that a browser takes from no other host of the domain, and from no page over http.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if environment.is_https else 0
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
if environment.is_https and environment.TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "colorsite.interrupted.form_expired"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = environment.is_https
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# Logs

LOGGING = lines_on_standard_error(environment.LOG_LEVEL)
