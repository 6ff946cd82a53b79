"""Black-and-white photographs to upload: public pictures that scikit-image ships, turned gray."""

from __future__ import annotations

from pathlib import Path

import skimage
from PIL import Image

PUBLIC_PICTURES = Path(skimage.__file__).parent / "data"


def gray_photo(folder: Path, name: str, side: int = 300) -> Path:
    [source] = PUBLIC_PICTURES.glob(f"{name}.*")
    path = folder / f"{name}.jpg"
    with Image.open(source) as picture:
        picture.thumbnail((side, side))
        picture.convert("L").save(path)
    return path


def no_photo(folder: Path) -> Path:
    path = folder / "letter.jpg"
    path.write_text("Dear diary")
    return path
