"""`compact`: our own light U-Net, small enough to be bundled and fast enough for a CPU.

A pretrained EfficientNet-Lite encoder, a decoder with self-attention at stride 16, and a
distribution over quantized chroma at quarter resolution (Zhang et al., Colorful Image Colorization,
ECCV 2016). Chroma is Cb and Cr of JPEG's YCbCr (ITU-R BT.601), not Lab: put together with the
photo's own luma it leaves that luma untouched, and the result is linear in it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from colorizer.engine.architectures.compact.context import Context
from colorizer.engine.architectures.compact.efficientnet_lite import EfficientNetLite, EncoderName
from colorizer.engine.architectures.compact.guidance import HintFeatures, HintStem, PaletteStem

DECODER_CHANNELS = (192, 128, 96)
"""Output channels of the decoder at strides 16, 8 and 4."""
CHROMA_STRIDE = 4
SIZE_MULTIPLE = 32
CONTEXT_BLOCKS = 2


class ConvBlock(nn.Sequential):
    """3x3 convolution, batch norm, ReLU: N x C x H x W -> N x O x H x W."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )


class UpBlock(nn.Module):
    """Double the size, append the encoder's features of that size, convolve."""

    def __init__(self, in_channels: int, skip_channels: int, out_channels: int) -> None:
        super().__init__()
        self.skip_norm = nn.BatchNorm2d(skip_channels)
        self.convs = nn.Sequential(
            ConvBlock(in_channels + skip_channels, out_channels),
            ConvBlock(out_channels, out_channels),
        )

    def forward(self, x: Tensor, skip: Tensor, hints: Tensor | None = None) -> Tensor:
        """N x C x H x W and N x S x 2H x 2W -> N x O x 2H x 2W; features of hints are as N x C x 2H x 2W."""
        upsampled = nn.functional.interpolate(x, scale_factor=2.0, mode="bilinear")
        if hints is not None:
            upsampled = upsampled + hints
        convolved: Tensor = self.convs(torch.cat([upsampled, self.skip_norm(skip)], dim=1))
        return convolved


class SelfAttention(nn.Module):
    """x + gamma * attention(x) over positions; gamma starts at 0, so that a new layer changes nothing.

    Source: SAGAN, equations 1 to 4; query and key have an eighth of the channels. Scores are scaled
    by 1/sqrt(d) as in Vaswani et al. (2017), which keeps the softmax soft at any input size.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.query = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.key = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.value = nn.Conv2d(channels, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W -> N x C x H x W."""
        query, key, value = (
            projection(x).flatten(2).transpose(1, 2)
            for projection in (self.query, self.key, self.value)
        )
        attended = nn.functional.scaled_dot_product_attention(query, key, value)
        return x + self.gamma * attended.transpose(1, 2).reshape(x.shape)


class CompactUNet(nn.Module):
    """Luma and, where there are any, hints and a palette in, chroma out.

    Args:
        chroma_bins: K x 2 float, the (Cb, Cr) centers of the chroma classes, 8-bit units around 0
            (-128..127).
        encoder: the size of its EfficientNet-Lite.
        context_blocks: transformer blocks at stride 32.
        takes_hints: it has a stem for hints and one for palettes.
    """

    chroma_bins: Tensor

    def __init__(
        self,
        chroma_bins: Tensor,
        encoder: EncoderName = "lite2",
        context_blocks: int = CONTEXT_BLOCKS,
        *,
        takes_hints: bool = True,
    ) -> None:
        super().__init__()
        self.encoder = EfficientNetLite(encoder, in_channels=1)
        at4, at8, at16, at32 = self.encoder.pyramid_channels
        out16, out8, out4 = DECODER_CHANNELS
        self.context = Context(at32, context_blocks)
        self.up16 = UpBlock(at32, at16, out16)
        self.attention = SelfAttention(out16)
        self.up8 = UpBlock(out16, at8, out8)
        self.up4 = UpBlock(out8, at4, out4)
        self.head = nn.Conv2d(out4, len(chroma_bins), 1)
        self.hint_stem = HintStem((at32, at32, out16, out8, out4)) if takes_hints else None
        self.palette_stem = PaletteStem(len(chroma_bins), at32) if takes_hints else None
        self.register_buffer("chroma_bins", chroma_bins)

    def logits(
        self, luma: Tensor, hints: Tensor | None = None, palette: Tensor | None = None
    ) -> Tensor:
        """Score the chroma classes.

        Args:
            luma: N x 1 x H x W, float, range 0..1; H and W multiples of SIZE_MULTIPLE.
            hints: N x 3 x H/4 x W/4, float: Cb and Cr in 8-bit units around 0, and the mask: 1 where there
                is a hint, else all three 0.
            palette: N x K, float: how much of the picture each class should cover; the sum is 1, or 0
                without a palette.

        Returns:
            N x K x H/4 x W/4, float: unnormalized log-probabilities of the chroma bins.
        """
        return self.decoded_logits(self.encoder(luma), hints, palette)

    def decoded_logits(
        self, pyramid: list[Tensor], hints: Tensor | None = None, palette: Tensor | None = None
    ) -> Tensor:
        """`logits` of a luma whose features are known. Args: pyramid: what `encoder` gave."""
        logits: Tensor = self.head(self.decoded(pyramid, hints, palette))
        return logits

    def decoded(
        self, pyramid: list[Tensor], hints: Tensor | None = None, palette: Tensor | None = None
    ) -> Tensor:
        """What the head sees: N x C x H/4 x W/4. Args: see `decoded_logits`."""
        skip4, skip8, skip16, bottom = pyramid
        guiding = None if hints is None else self._features_of(hints)
        if palette is not None and self.palette_stem is not None:
            bottom = bottom + self.palette_stem(palette)
        if guiding is None:
            x = self.attention(self.up16(self.context(bottom), skip16))
            plain: Tensor = self.up4(self.up8(x, skip8), skip4)
            return plain
        x = self.context(bottom + guiding.bottom)
        x = self.attention(self.up16(x, skip16, guiding.at16))
        guided: Tensor = self.up4(self.up8(x, skip8, guiding.at8), skip4, guiding.at4)
        return guided + guiding.head

    def _features_of(self, hints: Tensor) -> HintFeatures | None:
        return None if self.hint_stem is None else self.hint_stem(hints)

    def expected_chroma(self, logits: Tensor) -> Tensor:
        """Mean of the distribution: N x K x h x w logits -> N x 2 x h x w, 8-bit units around 0."""
        return torch.einsum("nkhw,kc->nchw", logits.softmax(dim=1), self.chroma_bins)

    def chroma(self, decoded: Tensor) -> Tensor:
        """`forward` of what `decoded` gave."""
        return self.expected_chroma(self.head(decoded))

    def forward(
        self, luma: Tensor, hints: Tensor | None = None, palette: Tensor | None = None
    ) -> Tensor:
        """Predict chroma. Arguments: see `logits`.

        Returns:
            N x 2 x H/4 x W/4, float: Cb and Cr in 8-bit units around 0 (-128..127).
        """
        return self.expected_chroma(self.logits(luma, hints, palette))
