"""PDF files for tests, written by hand (ISO 32000-1): pages of images, words and whatever is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

A4 = (0, 0, 595, 842)


@dataclass(frozen=True)
class Image:
    """An image by its dictionary's entries and the bytes of its stream."""

    data: bytes
    width: int
    height: int
    entries: str = "/ColorSpace /DeviceGray /BitsPerComponent 8"


def jpeg(data: bytes, width: int, height: int, colors: str = "DeviceGray") -> Image:
    entries = f"/ColorSpace /{colors} /BitsPerComponent 8 /Filter /DCTDecode"
    return Image(data, width, height, entries)


@dataclass(frozen=True)
class Page:
    """
    Attributes:
        content: of the page; images are named /I0, /I1 and so on, the font /F.
        entries: more of the page's dictionary.
    """

    content: str
    images: Sequence[Image] = ()
    box: Sequence[float] = A4
    entries: str = ""


def page_of(image: Image, width: float = 595, height: float = 842, entries: str = "") -> Page:
    """A page that is one image, as scanners make them."""
    content = f"q {width} 0 0 {height} 0 0 cm /I0 Do Q"
    return Page(content, [image], (0, 0, width, height), entries)


@dataclass
class _Objects:
    bodies: list[bytes] = field(default_factory=list)
    images: dict[Image, int] = field(default_factory=dict)

    def add(self, body: str, stream: bytes | None = None) -> int:
        content = body.encode("latin-1")
        if stream is not None:
            content = content.replace(b"<<", b"<< /Length %d " % len(stream), 1)
            content += b"\nstream\n" + stream + b"\nendstream"
        self.bodies.append(content)
        return len(self.bodies)

    def add_image(self, image: Image) -> int:
        """Pages that show the same image share it."""
        if image not in self.images:
            entries = (
                f"<< /Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} "
                f"{image.entries} >>"
            )
            self.images[image] = self.add(entries, image.data)
        return self.images[image]


def pdf(*pages: Page, trailer: str = "") -> bytes:
    """
    Args:
        trailer: more of the trailer's dictionary.
    """
    all_of_them = _Objects()
    all_of_them.add("<< /Type /Catalog /Pages 2 0 R >>")
    all_of_them.add("")
    font = all_of_them.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = [_add_page(all_of_them, page, font) for page in pages]
    listed = " ".join(f"{number} 0 R" for number in kids)
    tree = f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>"
    all_of_them.bodies[1] = tree.encode()
    return written(all_of_them.bodies, trailer)


def _add_page(objects: _Objects, page: Page, font: int) -> int:
    images = [objects.add_image(image) for image in page.images]
    named = " ".join(f"/I{index} {number} 0 R" for index, number in enumerate(images))
    content = objects.add("<< >>", page.content.encode("latin-1"))
    box = " ".join(str(number) for number in page.box)
    return objects.add(
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {content} 0 R "
        f"/Resources << /XObject << {named} >> /Font << /F {font} 0 R >> >> {page.entries} >>"
    )


def written(bodies: Sequence[bytes], trailer: str = "") -> bytes:
    content, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    return content + end.encode()
