"""Networks of the usual measures, filled from weights files that somebody put there by hand.

Nothing is downloaded. FID and LPIPS are defined on networks whose weights are not in any package.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import torch
from torch import nn

from colorizer.engine.errors import WeightsError
from colorizer.engine.inference.preparing import best_device

Network = TypeVar("Network", bound=nn.Module)


def filled(network: Network, path: Path) -> Network:
    """The network with a file's weights, frozen, on the best device.

    Args:
        path: a state dict as torch.save writes it; nothing in it is executed.

    Raises:
        WeightsError: the file is missing, damaged or of another network.
    """
    try:
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    except OSError as error:
        raise WeightsError(f"The weights {path} cannot be read: {error}") from error
    except Exception as error:
        # Torch's unpickler raises whatever a damaged or hostile file leads it to.
        reason = str(error).strip().splitlines()[:2]
        raise WeightsError(
            f"{path} does not hold the weights of {type(network).__name__}: {' '.join(reason)}"
        ) from error
    return network.eval().requires_grad_(False).to(best_device())
