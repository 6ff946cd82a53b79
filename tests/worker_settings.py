"""The site's settings for workers in tests: a lost job is noticed within seconds."""

from colorsite.settings import *  # noqa: F403

JOB_LEASE_SECONDS = 3
