from django.apps import AppConfig


class TestJobsConfig(AppConfig):
    """For worker processes of tests, which import no test: they know the kinds by this app."""

    name = "tests.jobs"
    label = "test_jobs"

    def ready(self) -> None:
        from tests.jobs import kinds  # noqa: PLC0415  (models are ready only now)

        kinds.register()
