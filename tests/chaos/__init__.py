"""Jobs under trouble: real workers that are killed, frozen and cut off, and what must be true at the end.

`python -m tests.chaos --help`
"""
