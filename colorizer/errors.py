"""Why a job is not queued."""

from __future__ import annotations


class TooManyJobsError(Exception):
    """Somebody has as many open jobs as the site lets one person have.

    Attributes:
        code: for programs.
        message: for that person.
        retry_after: seconds until one of the jobs has probably ended.
    """

    code = "too_many_jobs"

    def __init__(self, limit: int, retry_after: int) -> None:
        self.message = (
            f"You have {limit} photos waiting to be colored, which is the most at a time. "
            "Come back when some are done, or cancel some."
        )
        self.retry_after = retry_after
        super().__init__(self.message)
