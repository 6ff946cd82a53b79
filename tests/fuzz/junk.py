"""Values that programs trip over. Latin-1, as a web server hands them over."""

from __future__ import annotations

from typing import Final

DEEP: Final = 100_000
DIGITS: Final = "9" * 5000

TEXTS: Final = [
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "NaN",
    "99999999999999999999",
    "-9223372036854775809",
    DIGITS,
    "null",
    "true",
    "\0",
    "a\0b",
    "\x01\x1f\x7f",
    "\xff\xfe",
    "\xed\xa0\x80",  # a surrogate, in what would be UTF-8
    "\xf4\x90\x80\x80",  # beyond Unicode
    "%00",
    "%ED%A0%80",
    "%C3%28",
    "%",
    "%zz",
    "\r\nX: y",
    "'\"><{{ x }}{% url %}",
    "../../etc/passwd",
    "//example.org/",
    "http://[",
    "javascript:alert(1)",
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}",
    "not-a-uuid",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "10000-01-01",
    "2024-02-30",
    "a" * 300,
    "x" * 20_000,
    "a@" + "b" * 300 + ".org",
    "a" * 10_000 + "@example.org",
    "a@xn--\xc3\xa9.org",
    '"a b"@example.org',
    "\xe4\xb8\x96" * 200,
    "[]",
    "{}",
    "1,2,3",
    "(((((",
    "a*",
    "\\",
    "$(id)",
]

JSON_VALUES: Final = [
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e999",
    "NaN",
    "Infinity",
    DIGITS,
    "99999999999999999999",
    "[]",
    "{}",
    "[[[]]]",
    '{"a": {"b": []}}',
    '""',
    '"a"',
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\u0000"',
    '"\\ud83d\\ude00"',
    '"' + "x" * 20_000 + '"',
    "[" * 500 + "]" * 500,
    '"not-a-uuid"',
    "[1, [2, {}]]",
]

# Of links to choose a new password: an account, a dash, a secret; or not.
RESET_KEYS: Final = ["a-b", "zzzzzzzzzzzzzzzzzzzz-b", "-a", "--", "-"]

BODIES: Final = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"5",
    b'"text"',
    b"\xff\xfe",
    b"\0" * 100,
    b"[" * DEEP + b"]" * DEEP,
    b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b'{"title": "a", "title": "b", "title": []}',
    b'{"\\ud800": 1, "\\u0000": 2}',
    b"a=" + b"b" * 3_000_000,
    b"&".join(b"f%d=1" % n for n in range(2_000)),
    b"title=%00&album=%ED%A0%80&reason=%FF&=&&==",
    b"--x--\r\n",
    b"--x\r\n\r\n\r\n--x--",
    b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\ncut off',
    b"".join(
        b'--x\r\nContent-Disposition: form-data; name="photos"; filename="%d.jpg"\r\n\r\nx\r\n' % n
        for n in range(150)
    )
    + b"--x--\r\n",
]

PART_HEADERS: Final = [
    "Content-Disposition: form-data",
    "Content-Disposition: ;;;=;name",
    "Content-Disposition: form-data; name*0=a; name*1=b; name*=x",
    "Content-Disposition: form-data; name=\"photos\"; filename*=utf-7''a.%2B2AA-",
    "Content-Disposition: form-data; name=\"image\"; filename*=nope''a.jpg",
    'Content-Disposition: form-data; name="photos"; filename="..%2f\0.jpg"',
    'Content-Disposition: form-data; name="image"; filename="a.' + "x" * 250 + '"',
    'Content-Disposition: form-data; name="photos"; filename="\xff\xfe.jpg"',
    'Content-Disposition: form-data; name="title"; filename="title.txt"',
    'Content-Disposition: form-data; name="album"; filename="a"\r\nContent-Type: \xff; charset=nope',
    'Content-Disposition: form-data; name="title"\r\nContent-Transfer-Encoding: base64',
    'Content-Disposition: form-data; name="image"; filename="a"\r\nContent-Transfer-Encoding: base64',
    'Content-Disposition: form-data; name="image"; filename="a"\r\nContent-Length: -5',
    'Content-Disposition: form-data; name="\xed\xa0\x80"',
    "X" * 5_000 + ": y",
]

CONTENT_TYPES: Final = [
    "",
    ";",
    "application/json",
    "application/json; charset=base64",
    "application/json; charset=utf-16",
    "application/json; charset=nope",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=latin-1",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=x; charset=utf-7",
    "multipart/form-data; boundary=x; charset=idna",
    "multipart/form-data; boundary=" + "b" * 300,
    "multipart/form-data; boundary*=utf-8''%00",
    "text/plain; a*=nope''b",
    "text/plain; a*0=b; a*1=c; a*=d",
    "image/jpeg",
    "application/offset+octet-stream",
    "\xff/\xfe",
    "a" * 9_000,
]

HEADERS: Final = {
    "ACCEPT": ["*/*; q=nan", ";", "text/xml", "image/*", ",", "application/json; version=\xff"],
    "ACCEPT_LANGUAGE": ["xx-" * 500, "de;q=9", "\xff"],
    "AUTHORIZATION": ["Bearer", "Basic !!", "Token \xff", "Basic OjpcYQ=="],
    "HOST": ["", "[", "example.org:99999", "a" * 500, "\xff"],
    "HX_REQUEST": ["true"],
    "HX_CURRENT_URL": ["http://[", "%ED%A0%80"],
    "HX_CURRENT_URL_URI_AUTOENCODED": ["true"],
    "IF_MATCH": ["*", '"a"', "W/", '"'],
    "IF_MODIFIED_SINCE": ["Fri, 31 Dec 99999 23:59:59 GMT", "yesterday", "0"],
    "IF_NONE_MATCH": ["*", 'W/"', '"\xff"', '"' + "a" * 9_000],
    "IF_RANGE": ['"a"', "yesterday", "\xff"],
    "IF_UNMODIFIED_SINCE": ["Mon, 01 Jan 0001 00:00:00 GMT", "0"],
    "ORIGIN": ["null", "http://[", "//"],
    "RANGE": ["bytes=-0", "bytes=-", "bytes=5-1", "bytes=0-0,1-1", f"bytes={DIGITS}-", "a=1"],
    "REFERER": ["http://[", "\xff", "/"],
    "X_CSRFTOKEN": ["", "\xff", "a" * 9_000],
    "X_EMAIL_VERIFICATION_KEY": ["a", "a:b:c", "\xff"],
    "X_FORWARDED_FOR": ["\xff", "1.2.3.4, 5", ""],
    "X_PASSWORD_RESET_KEY": [*RESET_KEYS, "\xff"],
    "X_REQUEST_ID": ["\xff", "a" * 9_000],
    "X_SESSION_TOKEN": ["a" * 32, "\0", "\xff", "a" * 9_000],
}

# Of files that come in parts: the usual value first.
UPLOAD_HEADERS: Final = {
    "TUS_RESUMABLE": ["1.0.0", "1.0.0", "1.0.0", "0.2.2", "\xff"],
    "UPLOAD_LENGTH": ["2000", "10", "0", "-1", DIGITS, "\xb2", "1e3", "9" * 18],
    "UPLOAD_OFFSET": ["0", "541", "-0", DIGITS, "\xb2", "\xff"],
    "UPLOAD_METADATA": [
        "filename YS5qcGc=,variant c3RhYmxl,render_factor MTA=",
        "filename Li4=",
        "filename AA==,album \xff",
        "sha256 " + "A" * 88,
        "render_factor 2aE=",
        "album MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw",
        "a,b,c,\xff",
        ",,,",
        "filename " + "YQ" * 4_000,
        "__class__ YQ==",
    ],
    "UPLOAD_CHECKSUM": [
        "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        "md5 YQ==",
        "sha256 \xff",
        "shake_128 YQ==",
        " ",
    ],
    "X_HTTP_METHOD_OVERRIDE": ["PATCH", "DELETE", "HEAD", "__init__", "\xff", "options"],
}

COOKIES: Final = [
    'sessionid="' + "a" * 32 + '\\000"',
    "sessionid=" + "a" * 9_000,
    "sessionid=\xff\xfe",
    'csrftoken="\\000"',
    "csrftoken=\xff",
    'messages="\\777\\000"',
    "messages=" + "W10:" * 20,
    "=;;=,\\",
]
