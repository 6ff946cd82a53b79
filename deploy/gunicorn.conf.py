"""The web server: one process, several threads."""

import logging

from colorsite.environment import load_environment
from colorsite.settings import LOGGING

environment = load_environment()

wsgi_app = "colorsite.wsgi"
bind = f"{environment.HOST}:{environment.PORT}"
worker_class = "gthread"
threads = environment.WEB_THREADS
# Load in the parent: an error in the code stops the start instead of being retried forever.
preload_app = True
timeout = 120
graceful_timeout = 10
control_socket_disable = True

accesslog = "-"
# The address as it was sent: decoded, a line break in it would forge a line of the log.
access_log_format = (
    'method=%(m)s path="%({raw_uri}e)s" status=%(s)s bytes=%(B)s ms=%(M)s client=%(h)s '
    "request=%({x-request-id}o)s"
)
logconfig_dict = {
    **LOGGING,
    "loggers": {
        **LOGGING["loggers"],
        "gunicorn.access": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
    },
}


def when_ready(server: object) -> None:
    logging.getLogger("tintype").info("Tintype is ready: open %s", environment.SITE_URL)
