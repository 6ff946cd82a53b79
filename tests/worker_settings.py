"""The site's settings for workers in tests: what is lost is noticed within seconds."""

import os

from colorsite.settings import *  # noqa: F403

JOB_LEASE_SECONDS = 3
JOB_RETRY_SECONDS = 0.2
HEALTH_PROBE_SECONDS = float(os.environ.get("HEALTH_PROBE_SECONDS", "60"))
