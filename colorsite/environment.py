"""The environment variables of a site: typed, with defaults that work from a fresh clone."""

from __future__ import annotations

from email.utils import formataddr
from functools import cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from colorsite.environment_values import (
    CommaSeparated,
    DatabaseUrl,
    Host,
    HostNames,
    MediaStorage,
    Networks,
    RedisUrl,
    Sender,
    SiteUrl,
    WebAddress,
    check_site_url,
    in_brackets,
    is_loopback,
)

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]


class Environment(BaseSettings):
    """One field per variable: `description` says what to write, `examples` shows it."""

    model_config = SettingsConfigDict(case_sensitive=True, env_ignore_empty=True)

    DEBUG: bool = Field(
        default=False,
        description="true or false: show tracebacks, reload templates",
        examples=["true"],
    )
    HOST: Host = Field(
        default="127.0.0.1",
        description="the address the web server listens on",
        examples=["192.168.1.5"],
    )
    PORT: int = Field(
        default=8000,
        ge=1,
        le=65535,
        description="the port the web server listens on, 1 to 65535",
        examples=["8080"],
    )
    SITE_URL: SiteUrl = Field(
        default="",
        description="the address people type, which all links start with; https makes cookies secure and "
        "redirects http (default: http://HOST:PORT)",
        examples=["https://photos.example.org"],
    )
    SITE_NAME: str = Field(
        default="Tintype",
        pattern=r"^[^\r\n]{1,60}$",
        description="what the site is called in pages and messages, at most 60 characters",
        examples=["Old Town Photographs"],
    )
    ALLOWED_HOSTS: HostNames = Field(
        default=[],
        description="host names to accept besides that of SITE_URL, separated by commas "
        "(if that is this machine only: localhost, 127.0.0.1 and [::1], too)",
        examples=["photos.example.org,www.example.org"],
    )
    TRUSTED_PROXIES: int = Field(
        default=0,
        ge=0,
        le=10,
        description="how many reverse proxies stand before the web server, 0 to 10",
        examples=["1"],
    )
    DATA_DIR: Path = Field(
        default=BASE_DIR / "var",
        description="the folder for the database, the secret key and sockets",
        examples=["/var/lib/tintype"],
    )
    MEDIA_STORAGE: MediaStorage = Field(
        default=str(BASE_DIR / "media"),
        description="where uploaded photos and results are kept: a folder, or s3://bucket or "
        "s3://bucket/prefix",
        examples=["/srv/tintype/media"],
    )
    AWS_S3_ENDPOINT_URL: WebAddress = Field(
        default="",
        description="the address of the S3 server that has the bucket of MEDIA_STORAGE (default: Amazon's)",
        examples=["https://minio.example.org:9000"],
    )
    WEIGHTS_DIR: Path | None = Field(
        default=None,
        description="the folder for weights that are installed beside the bundled ones "
        "(default: weights in DATA_DIR)",
        examples=["/srv/tintype/weights"],
    )
    WEIGHTS_ARTISTIC: str = Field(
        default="",
        description="what the variant artistic is colored with: the name of installed weights, "
        "'bundled' or the path of a file (default: the best installed)",
        examples=["deoldify-artistic"],
    )
    WEIGHTS_STABLE: str = Field(
        default="",
        description="what the variant stable is colored with, in the same way",
        examples=["bundled"],
    )
    WEIGHTS_VIDEO: str = Field(
        default="",
        description="what the variant video is colored with, in the same way",
        examples=["/srv/tintype/video.safetensors"],
    )
    DATABASE_URL: DatabaseUrl = Field(
        default="",
        description="the address of the database (default: SQLite in DATA_DIR)",
        examples=["postgres://tintype:password@localhost/tintype"],
    )
    REDIS_URL: RedisUrl = Field(
        default="",
        description="the address of Redis for queue and cache (default: the queue is in the database)",
        examples=["redis://localhost:6379/0"],
    )
    SECRET_KEY: str | None = Field(
        default=None,
        min_length=32,
        description="at least 32 random characters (default: made on first start, kept in DATA_DIR)",
        examples=["a long random text"],
    )
    SECRET_KEY_FALLBACKS: CommaSeparated = Field(
        default=[],
        description="earlier values of SECRET_KEY, separated by commas, so that what they have signed or encrypted "
        "(sessions, API keys, links in mails, secrets of webhooks) stays good after a change",
        examples=["the long random text before"],
    )
    WORKERS: int = Field(
        default=1,
        ge=1,
        le=64,
        description="how many processes color and adjust photos and make downloads of them, 1 to 64",
        examples=["2"],
    )
    VIDEO_WORKERS: int = Field(
        default=1,
        ge=0,
        le=64,
        description="how many processes color films, beside those for photos, 0 to 64",
        examples=["0"],
    )
    FILE_WORKERS: int = Field(
        default=1,
        ge=0,
        le=64,
        description="how many processes make zip files and send to webhooks, beside the others, 0 to 64",
        examples=["2"],
    )
    DRAIN_SECONDS: float = Field(
        default=20,
        ge=0,
        le=3600,
        description="how long running jobs may go on when the workers are stopped, 0 to 3600; "
        "what has not ended by then is done later",
        examples=["5"],
    )
    MAX_OPEN_JOBS: int = Field(
        default=1000,
        ge=1,
        le=100_000,
        description="how many jobs of one person may wait or run at a time, 1 to 100000",
        examples=["200"],
    )
    MODEL_MEMORY_MB: int = Field(
        default=1024,
        ge=0,
        le=1_000_000,
        description="how much memory each worker keeps networks in, in MiB, 0 to 1000000; "
        "the one in use always stays",
        examples=["256"],
    )
    WEB_THREADS: int = Field(
        default=8, ge=1, le=256, description="threads of the web server, 1 to 256", examples=["16"]
    )
    SSE_CONNECTIONS: int = Field(
        default=0,
        ge=0,
        le=256,
        description="how many streams of events (server-sent events) the web server keeps open, "
        "each with a thread and a connection to the database, 0 to 256",
        examples=["20"],
    )
    QUOTA_BYTES: int | None = Field(
        default=None,
        ge=0,
        description="how many bytes may be kept for one person, unless staff say otherwise for somebody "
        "(default: no limit)",
        examples=["10737418240"],
    )
    MAX_UPLOAD_BYTES: int = Field(
        default=50 * 1024 * 1024,
        ge=1024,
        description="the largest file accepted, in bytes, from 1024",
        examples=["104857600"],
    )
    MAX_FILM_BYTES: int = Field(
        default=2 * 1024**3,
        ge=1024,
        description="the largest film accepted, in bytes, from 1024; what is larger than MAX_UPLOAD_BYTES "
        "has to come in parts, as pages with scripts send it",
        examples=["10737418240"],
    )
    MAX_FILM_SECONDS: float = Field(
        default=3600,
        ge=1,
        allow_inf_nan=False,
        description="the longest film accepted, in seconds, from 1",
        examples=["10800"],
    )
    MAX_UPLOAD_PIXELS: int = Field(
        default=64_000_000,
        ge=256,
        description="the largest picture accepted, width times height, from 256",
        examples=["100000000"],
    )
    DECODE_SECONDS: float = Field(
        default=10,
        ge=1,
        le=600,
        description="how long one uploaded picture may take to be read, in seconds, 1 to 600",
        examples=["30"],
    )
    WEBHOOK_ALLOWED_NETWORKS: Networks = Field(
        default=[],
        description="networks that webhooks may go to beside public addresses, also by http, separated by commas "
        "(default: none)",
        examples=["192.168.1.0/24"],
    )
    METRICS_TOKEN: str | None = Field(
        default=None,
        min_length=16,
        description="what Prometheus sends to read /metrics, at least 16 characters "
        "(default: only staff may read it)",
        examples=["a long random text"],
    )
    LEGAL_DIR: Path | None = Field(
        default=None,
        description="a folder with privacy.md, terms.md and contact.md, in Markdown, and translations such as "
        "privacy.zh-hans.md (default: texts that say what the software does)",
        examples=["/etc/tintype/legal"],
    )
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR", examples=["WARNING"]
    )
    EMAIL_HOST: str = Field(
        default="",
        pattern=r"^([^\s:/@]*|[0-9a-fA-F:.]+)$",
        description="the mail server (default: messages are printed in the log)",
        examples=["mail.example.org"],
    )
    EMAIL_PORT: int = Field(
        default=587,
        ge=1,
        le=65535,
        description="the mail server's port, 1 to 65535",
        examples=["25"],
    )
    EMAIL_HOST_USER: str = Field(
        default="", description="the user name at the mail server", examples=["tintype"]
    )
    EMAIL_HOST_PASSWORD: str = Field(
        default="", description="the password at the mail server", examples=["a password"]
    )
    EMAIL_USE_TLS: bool = Field(
        default=True, description="true or false: STARTTLS with the mail server", examples=["false"]
    )
    DEFAULT_FROM_EMAIL: Sender = Field(
        default="",
        description="the sender of messages (default: SITE_NAME at tintype@localhost)",
        examples=["Tintype <photos@example.org>"],
    )
    ADMIN_EMAIL: str = Field(
        default="admin@localhost.localdomain",
        pattern=r"^[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+$",
        description="the email address of the administrator made on first start",
        examples=["me@example.org"],
    )

    @model_validator(mode="before")
    @classmethod
    def _without_spaces_around(cls, values: dict[str, object]) -> dict[str, object]:
        """As files and shells leave them behind. Nothing but spaces is as good as empty."""
        stripped = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in values.items()
        }
        return {name: value for name, value in stripped.items() if value != ""}

    @model_validator(mode="after")
    def _fill_in_dependent_defaults(self) -> Self:
        self.SITE_URL = self.SITE_URL or self._own_address()
        self.DEFAULT_FROM_EMAIL = self.DEFAULT_FROM_EMAIL or formataddr(
            (self.SITE_NAME, "tintype@localhost")
        )
        self.DATABASE_URL = self.DATABASE_URL or f"sqlite:///{self.DATA_DIR.resolve()}/db.sqlite3"
        return self

    def _own_address(self) -> str:
        everywhere = self.HOST in ("", "0.0.0.0", "::")  # noqa: S104  (a comparison)
        host = "127.0.0.1" if everywhere else self.HOST
        return check_site_url(f"http://{in_brackets(host)}:{self.PORT}")

    @property
    def is_https(self) -> bool:
        return self.SITE_URL.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches the site."""
        return is_loopback(str(urlsplit(self.SITE_URL).hostname))

    @property
    def host_names(self) -> list[str]:
        """What may be in the header Host, besides a port."""
        own = in_brackets(str(urlsplit(self.SITE_URL).hostname))
        loopback = LOOPBACK_NAMES if self.is_loopback else []
        return list(dict.fromkeys([own, *loopback, *self.ALLOWED_HOSTS]))


def explain(error: ValidationError) -> str:
    """One sentence for the first bad value: which variable, what is wrong, what to write instead."""
    problem = error.errors()[0]
    name = str(problem["loc"][0])
    field = Environment.model_fields[name]
    example = (field.examples or [""])[0]
    reason = problem["msg"].removeprefix("Value error, ")
    return (
        f"The environment variable {name} cannot be used ({reason}): "
        f"write {field.description}, for example {name}={example}"
    )


@cache
def load_environment() -> Environment:
    try:
        return Environment()
    except ValidationError as error:
        raise SystemExit(explain(error)) from None
