"""Prepare photographs, train on them, export weights: python -m colorizer.training COMMAND"""

from __future__ import annotations

if __name__ == "__main__":
    # Processes spawned by `prepare` import this module again, and need no torch.
    from colorizer.training.commands import main

    main()
