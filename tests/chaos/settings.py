"""The site's settings, with recovery sped up: a lease of 6 s for 60, a health probe each 10 s for 55."""

from colorsite.settings import *  # noqa: F403

JOB_LEASE_SECONDS = 6
HEALTH_PROBE_SECONDS = 10.0
