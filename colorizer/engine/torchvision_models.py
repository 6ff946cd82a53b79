"""torchvision's models, importable beside a torch that its C++ operators were not built for.

torchvision registers Python kernels for two of its C++ operators when it is imported. Where those
operators cannot be loaded (the wheel is built against CUDA, torch is a CPU build) the import fails.
Their schemas alone are enough for the models, which never call them.
"""

from __future__ import annotations

import torch

MISSING_OPERATOR = "operator torchvision::nms does not exist"
SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)

try:
    from torchvision import models, ops
except RuntimeError as error:
    if MISSING_OPERATOR not in str(error):
        raise
    # The library object owns the schemas: they last as long as it does.
    schemas = torch.library.Library("torchvision", "DEF")
    for schema in SCHEMAS:
        schemas.define(schema)
    from torchvision import models, ops

__all__ = ["models", "ops"]
