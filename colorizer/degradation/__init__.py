"""What film, age and scanners do to a photograph, so that a network can see it before people bring it.

All work on planes: H x W float32, 0 (black) to 1 (white), in the encoding of sRGB. Nothing moves a
pixel: the real chroma still fits.
"""
