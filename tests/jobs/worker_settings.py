"""Settings of worker processes that run the kinds of tests: what is lost is noticed within seconds."""

import os

from colorsite.settings import *  # noqa: F403
from colorsite.settings import INSTALLED_APPS as SITE_APPS

# The first app that has a command `workers` is asked: that is jobs.
INSTALLED_APPS = ["tests.jobs.apps.TestJobsConfig", "jobs", *(a for a in SITE_APPS if a != "jobs")]
JOB_LEASE_SECONDS = 3
HEALTH_PROBE_SECONDS = float(os.environ.get("HEALTH_PROBE_SECONDS", "60"))
