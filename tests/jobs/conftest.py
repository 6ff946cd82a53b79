import colorsite.urls  # noqa: F401  (the API lists the site's kinds when it is loaded: without those of tests)
from tests.jobs import kinds

kinds.register()
