"""JPEG's YCbCr (ITU-T T.871, section 7), in the shares of ITU-R BT.601: its constants, once, without any library."""

from __future__ import annotations

from typing import Final

# Luma as shares of R, G and B. Cb = (B - Y) / BLUE_OF_CB, R = Y + RED_OF_CR * Cr, and so on.
LUMA_OF_RGB: Final = (0.299, 0.587, 0.114)
RED_OF_CR: Final = 1.402
GREEN_OF_CB: Final = -0.344136
GREEN_OF_CR: Final = -0.714136
BLUE_OF_CB: Final = 1.772
