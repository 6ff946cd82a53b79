"""The program that makes previews of hints: `python -m colorizer.previewing.process`.

The network stays loaded, and what hints have no influence on is kept of the last pictures, so that a page can follow
a drag. See `colorizer.decoding.pool` for who runs it. Without Django.
"""

from __future__ import annotations

from typing import Final

from colorizer.decoding.program import own_output, serve
from colorizer.engine.threads import share_cores
from colorizer.previewing import PreviewTask

IDLE_SECONDS: Final = 600
"""Then the memory is given back: nobody has tried hints for a while."""


def main() -> None:
    share_cores(1)
    from colorizer.previewing.previews import Previews, answer_to  # noqa: PLC0415  (loads torch)

    previews = Previews()
    serve(PreviewTask, lambda task: answer_to(task, previews), own_output(), IDLE_SECONDS)


if __name__ == "__main__":
    main()
