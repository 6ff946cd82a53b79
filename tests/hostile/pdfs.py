"""PDF (ISO 32000-1): bombs in streams and images, pages without number or measure, circles, locks."""

from __future__ import annotations

import zlib

from tests.hostile import SIDE, NamedFiles
from tests.hostile.pngs import MEGABYTE, zeros
from tests.pdf import A4, Image, Page, page_of, pdf, written

WORDS = "BT /F 40 Tf 50 400 Td (Grandmother) Tj ET"
LOCK = (
    "/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
    f"/O <{'00' * 32}> /U <{'11' * 32}> >>"
)


def flate(data: bytes, width: int, height: int, entries: str = "") -> Image:
    return Image(
        data,
        width,
        height,
        f"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode {entries}",
    )


def files() -> NamedFiles:
    for name, content in _files():
        yield f"{name}.pdf", content


def _files() -> NamedFiles:
    yield "locked", pdf(Page(WORDS), trailer=LOCK)
    yield "of_201_pages", pdf(*[Page("")] * 201)
    yield "of_5000_pages", pdf(*[Page("")] * 5000)
    yield "of_words", pdf(Page(WORDS))
    yield "with_nothing_on_it", pdf(Page(""))
    yield "without_pages", pdf()
    yield "nothing_but_a_signature", b"%PDF-1.7\n"
    yield "cut_short", pdf(Page(WORDS))[:300]
    yield "of_garbage", b"%PDF-1.7\n" + bytes(range(256)) * 400
    yield "with_a_page_of_10_kilometers", pdf(Page(WORDS, box=(0, 0, 3e7, 3e7)))
    yield "with_a_page_of_no_size", pdf(Page(WORDS, box=(0, 0, 0, 0)))
    yield "with_a_strip_of_a_page", pdf(Page("0 0 20000 5 re f", box=(0, 0, 20000, 0.5)))
    yield "with_a_page_of_odd_numbers", pdf(Page(WORDS, box=(float("nan"), -1e38, 1e38, 1e38)))
    yield "that_says_4_billion_pages", _claiming(2**32 - 1)
    yield "with_a_tree_in_a_circle", _circle()
    yield "with_an_image_of_400_megapixels", pdf(_of_zeros(20_000, 20_000))
    yield "with_an_image_of_62_megapixels", pdf(_of_zeros(SIDE, SIDE))
    yield "with_an_image_of_4_gigapixels", pdf(_of_zeros(65_535, 65_535))
    yield "with_an_image_that_is_too_short", pdf(page_of(flate(zlib.compress(b"abc"), 500, 500)))
    yield "with_a_jpeg_that_is_none", pdf(page_of(Image(b"none", 64, 64, JPEG)))
    yield "with_256_megabytes_of_words", pdf(_packed_words(256))
    yield "with_filters_on_filters", pdf(page_of(_filters_on_filters()))
    yield "with_javascript", _javascript()


def endless() -> NamedFiles:
    """What PDFium does not end by itself: time does. They are no part of the corpus."""
    yield "a_million_curves", pdf(Page("0 0 m " + "9 9 500 800 300 1 c " * 10**6 + "S"))
    yield "a_pattern_in_itself", _pattern()
    yield "a_form_in_itself", _form()
    yield "forms_2_to_the_20", _doubling_forms(20)


JPEG = "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode"


def _of_zeros(width: int, height: int) -> Page:
    return page_of(flate(zeros(width * height), width, height))


def _packed_words(megabytes: int) -> Page:
    """In a form, so that they are read as drawing."""
    form = "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Filter /FlateDecode"
    return Page("/I0 Do", [Image(zeros(megabytes * MEGABYTE), 1, 1, form)])


def _filters_on_filters() -> Image:
    data = bytes(64 * 64)
    for _ in range(50):
        data = zlib.compress(data)
    names = "/FlateDecode " * 50
    return Image(data, 64, 64, f"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter [{names}]")


def _claiming(pages: int) -> bytes:
    tree = f"<< /Type /Pages /Count {pages} /Kids [3 0 R] >>".encode()
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", tree, _leaf("")])


def _circle() -> bytes:
    tree = b"<< /Type /Pages /Count 2 /Kids [2 0 R 2 0 R] >>"
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", tree])


def _leaf(resources: str, content: str = "") -> bytes:
    box = " ".join(map(str, A4))
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Resources << {resources} >> {content} >>"
    ).encode()


def _of_objects(leaf: bytes, *bodies: bytes) -> bytes:
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", tree, leaf, *bodies])


def _stream(entries: str, content: str) -> bytes:
    data = content.encode()
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(data), data)


def _pattern() -> bytes:
    resources = "/Resources << /Pattern << /P 5 0 R >> >>"
    entries = (
        "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] "
        f"/XStep 0.001 /YStep 0.001 {resources}"
    )
    fill = "/Pattern cs /P scn 0 0 595 842 re f"
    leaf = _leaf("/Pattern << /P 5 0 R >>", "/Contents 4 0 R")
    return _of_objects(leaf, _stream("", fill), _stream(entries, fill))


def _form() -> bytes:
    entries = (
        "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 5 0 R >> >>"
    )
    leaf = _leaf("/XObject << /X 5 0 R >>", "/Contents 4 0 R")
    return _of_objects(leaf, _stream("", "/X Do"), _stream(entries, "/X Do /X Do"))


def _doubling_forms(depth: int) -> bytes:
    """Each draws the next one twice: the last is drawn a million times."""
    forms = []
    for level in range(depth):
        inner = f"/XObject << /X {6 + level} 0 R >>" if level < depth - 1 else ""
        entries = f"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << {inner} >>"
        drawn = "/X Do /X Do" if inner else "0 0 595 842 re f"
        forms.append(_stream(entries, drawn))
    leaf = _leaf("/XObject << /X 5 0 R >>", "/Contents 4 0 R")
    return _of_objects(leaf, _stream("", "/X Do"), *forms)


def _javascript() -> bytes:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while(1){}) >> >>"
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return written([catalog, tree, _leaf("", "/Contents 4 0 R"), _stream("", "0 0 99 99 re f")])
