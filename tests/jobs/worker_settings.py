"""Settings of worker processes that run the kinds of tests: what is lost is noticed within seconds.

They know no app that jobs do not need: none of the site's kinds, no pages, and so no torch.
"""

import os

from colorsite.settings import *  # noqa: F403

# The first app that has a command `workers` is asked: that is jobs.
INSTALLED_APPS = [
    "tests.jobs.apps.TestJobsConfig",
    "jobs",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django_q",
]
MIDDLEWARE = []
ROOT_URLCONF = ""
if "timeout" in DATABASES["default"].get("OPTIONS", {}):  # noqa: F405
    DATABASES["default"]["OPTIONS"]["timeout"] = 2  # noqa: F405
JOB_LEASE_SECONDS = 3
HEALTH_PROBE_SECONDS = float(os.environ.get("HEALTH_PROBE_SECONDS", "60"))
