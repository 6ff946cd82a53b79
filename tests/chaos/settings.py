"""The site's settings, with all that recovers sped up: a lease of 6 s for 60, a canary of 10 s for 55."""

from colorsite.settings import *  # noqa: F403

JOB_LEASE_SECONDS = 6
CANARY_SECONDS = 10
