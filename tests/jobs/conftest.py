from tests.jobs import kinds

kinds.register()
