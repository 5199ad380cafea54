"""Files of one mail: their text, their parts, and who wrote them."""

from base64 import encodebytes
from email import message_from_bytes
from email.message import Message
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.domain.records import Checkpoint, Markup, PostKind
from imports import choose_format, mail_message
from imports.mail_authors import read_byline
from imports.mail_dates import read_date
from imports.mail_header import Header, decode_value, split_header
from imports.mail_parts import decode_body, find_content, shown_name
from imports.mail_text import read_text
from tests.unit.imports.accounting import posts_of
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.mails import (
    FIXTURES,
    OPENING,
    fixture_bytes,
    notes_of,
    read_mail,
    read_mbox,
    reasons_of,
    the_post,
)

HEADER = b"From: Ann <a@b>\nMessage-ID: <1@x>\n"


def test_the_first_plain_text_is_the_text_and_the_other_parts_are_listed() -> None:
    post = the_post(read_mail("attachments.eml"))
    assert (post.text, post.markup, post.kind) == ("See the roll. Grüße", Markup.MAIL, PostKind.QUESTION)
    assert post.facts is not None
    files = post.facts["attachments"]
    assert isinstance(files, list)
    assert [(file["name"], file["type"], file["size"]) for file in files if isinstance(file, dict)] == [
        ("röll.pdf", "application/pdf", 7),
        ("nötes.txt", "text/plain", 5),
        ("", "message/rfc822", 54),
    ]
    assert isinstance(files[0], dict)
    assert files[0]["sha256"] == "aa74f6fd03bf68be7e0f4bd06cae61a72ab8025b50d00888f3e1068f22067463"


@pytest.mark.parametrize(
    ("name", "text", "note"),
    [
        ("html_only.eml", "<p>café “quoted”</p>", None),
        ("flowed_delsp.eml", "https://quay.example/a-very-long-way", None),
        ("undeclared_windows_1252.eml", "“Zölle”", "names no charset; windows-1252 was assumed."),
        ("wrong_charset.eml", "Zölle", "is not in 'us-ascii', as it says; UTF-8 was assumed."),
        ("damaged_utf_8.eml", "Größe äöü äöü äöü äöü\n�", "is in utf-8 but for 1 bytes, which are shown as �."),
        ("nul_in_text.eml", "bo�dy", "holds NUL characters, which are shown as �."),
        ("not_base64.eml", "!!!!", "is not encoded as it says; its text is given as it stands."),
        ("no_closing_boundary.eml", "one", None),
        ("boundary_never_comes.eml", "only text", None),
        ("blank_plain_beside_html.eml", "<p>hi</p>", None),
        ("opening_line_left.eml", "hi", None),
    ],
)
def test_the_text_is_read_as_it_really_is(name: str, text: str, note: str | None) -> None:
    items = read_mail(name)
    assert the_post(items).text == text
    assert notes_of(items) == ([] if note is None else [f"The mail at byte 0 {note}"])


def test_html_stays_html() -> None:
    assert the_post(read_mail("html_only.eml")).markup is Markup.HTML


def test_flowed_lines_are_joined_within_their_quotation() -> None:
    assert the_post(read_mail("flowed.eml")).text == (
        "The tolls were paid in kind.\n> A quoted paragraph, \n>> Deeper.\n"
        "From the start, stuffed, and open \n-- \nIlse"
    )


def test_headers_are_decoded_by_what_they_say_or_else_by_the_charset_of_the_body() -> None:
    encoded, raw = the_post(read_mail("encoded_words.eml")), the_post(read_mail("raw_header_bytes.eml"))
    assert (encoded.byline, encoded.title) == ("Jörg Müller", "Zölle now =?utf-8?b?!?=")
    assert (raw.byline, raw.title) == ("Jörg Müller", "Zölle")


def test_references_may_be_folded_and_commented() -> None:
    post = the_post(read_mail("folded_references.eml"))
    assert (post.thread, post.parent, post.kind) == ("q@x", "b@x", PostKind.REPLY)
    assert post.facts == {"message_id": "1@x", "subject": "Harbour tolls"}


def test_a_mail_is_the_same_alone_and_in_an_mbox_file() -> None:
    for name in ("attachments.eml", "folded_references.eml", "encoded_words.eml"):
        raw = fixture_bytes(name)
        alone, boxed = the_post(read_mail(raw)), the_post(read_mbox(OPENING + raw + b"\n"))
        assert (alone.key, alone.thread, alone.parent, alone.text, alone.facts) == (
            *(boxed.key, boxed.thread, boxed.parent, boxed.text, boxed.facts),
        )


@pytest.mark.parametrize(
    ("field", "byline"),
    [
        ("Ilse Brandt <ilse@quay.example>", "Ilse Brandt"),
        ('"Brandt, Ilse" <ilse@quay.example>', "Brandt, Ilse"),
        ("ilse@quay.example", "ilse"),
        ("<ilse@quay.example>", "ilse"),
        ("ilse@quay.example (Ilse Brandt)", "Ilse Brandt"),
        ("ilse at quay.example (Ilse Brandt)", "Ilse Brandt"),
        ("ilse at quay.example", "ilse"),
        ('"tom@quay.example" <ilse@quay.example>', "ilse"),
        ('"Tom (tom@quay.example)" <ilse@quay.example>', "Tom (tom@…)"),
        ("Ilse <ilse@quay.example>, tom@quay.example", "Ilse, tom"),
        ("=?utf-8?q?Brandt=2C_Ilse?= <ilse@quay.example>", "Brandt, Ilse"),
        ("ilse@quay.example tom@quay.example", "ilse@… tom@…"),
        ('"><script> <ilse@quay.example>', '"><script> <ilse@…>'),
        ("postmaster", "postmaster"),
        ("(" * 5_000, "(" * 5_000),
        ("", None),
        ("<>", None),
    ],
)
def test_readers_see_a_name_and_never_a_whole_address(field: str, byline: str | None) -> None:
    assert read_byline(field.encode(), None) == byline


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\x.dll", "x.dll"),
        ("a\0b\r\nSet-Cookie: x", "a b Set-Cookie: x"),
        ("\u202egpj.exe", "gpj.exe"),
        ("; rm -rf /", "; rm -rf"),
        ("a" * 5_000, "a" * 255),
        ("/", ""),
    ],
)
def test_names_of_files_can_be_shown(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_too_many_parts_or_levels_are_refused() -> None:
    parts = HEADER + b"Content-Type: multipart/mixed; boundary=B\n\n" + b"--B\n\nx\n" * 1_001
    assert reasons_of(read_mail(parts)) == ["The mail at byte 0 has more than 1,000 parts."]
    levels = HEADER + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000))
    assert reasons_of(read_mail(levels)) == ["The mail at byte 0 has parts within parts, more than 20 deep."]
    mails = HEADER + b"Content-Type: message/rfc822\n\n" * 2_000
    assert the_post(read_mail(mails)).text == ""


def test_a_text_that_is_too_long_is_refused() -> None:
    assert reasons_of(read_mail(HEADER + b"\n" + b"x" * 5_000_000)) == [
        "The mail at byte 0 has a text that is larger than 1 MiB."
    ]
    assert reasons_of(read_mail(HEADER + b"\n" + b"x" * 2_000_000)) == ["The post is larger than 1 MiB."]


def test_a_mail_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_message, "MAX_MESSAGE_BYTES", 1_000)
    assert reasons_of(read_mail(HEADER + b"\n" + b"x" * 1_000)) == ["The mail at byte 0 is larger than 64 MiB."]


@pytest.mark.parametrize("charset", ["hex", "rot13", "idna", "punycode", "unicode_escape", "undefined", "mbcs", "../x"])
def test_what_is_no_charset_is_not_used_as_one(charset: str) -> None:
    raw = HEADER + f"Content-Type: text/plain; charset={charset}\n\n\\x41 xn-- ö".encode()
    assert the_post(read_mail(raw)).text == "\\x41 xn-- ö"


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("iso-2022-jp", b"\x1b$B$9$_$^$;$s\x1b(B", "すみません"),
        ("utf-7", b"+AOk-", "é"),
        ("ks_c_5601-1987", "스티해".encode("cp949"), "스티해"),
        ("gb2312", "镕".encode("gb18030"), "镕"),
        ("iso-8859-1", b"\x93x\x94", "“x”"),
        ("iso-8859-8-i", "שלום".encode("iso8859-8"), "שלום"),
        ("unknown-8bit", "é".encode(), "é"),
    ],
)
def test_charsets_are_read_as_programs_write_them(charset: str, body: bytes, text: str) -> None:
    raw = HEADER + f"Content-Type: text/plain; charset={charset}\n\n".encode() + body
    assert the_post(read_mail(raw)).text == text


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"From: a@b\nSubject: x\n\nhi", True),
        (b"\xef\xbb\xbfReceived: from x\r\n\tby y\r\nDate: z\r\n\r\n", True),
        (b"X-A: b\nReturn-Path: <a@b>\nMessage-ID: <1@x>", True),
        (b"From: the memoirs\n\nby ann_1\n\nSubject: x\n", False),
        (b"From: a\nFrom: b\n\n", False),
        (b"Why?\nFrom: a@b\nSubject: x\n\n", False),
        (b"Note: a\nSource: b\n\nby ann_1\n", False),
        (b"", False),
    ],
)
def test_a_mail_is_told_by_two_fields_that_mails_have(head: bytes, expected: bool) -> None:
    assert mail_message.is_mail(head) is expected
    assert (choose_format(head).name == "mail") is expected


@pytest.mark.parametrize("path", sorted((FIXTURES / "mail").iterdir()), ids=lambda path: path.stem)
def test_reading_may_go_on_at_the_end(path) -> None:  # type: ignore[no-untyped-def]
    raw = path.read_bytes()
    assert read_mail(raw)[-1] == Checkpoint(len(raw))
    assert list(mail_message.read_posts(BytesIO(raw), original=ORIGINAL, start=len(raw))) == []


@given(st.binary(max_size=40))
@settings(max_examples=300)
def test_no_field_breaks_its_reading(value: bytes) -> None:
    read_byline(value, None)
    read_date(value)
    decode_value(value, "utf-8").encode()
    raw = b"From: %b\nDate: %b\nContent-Type: %b\nContent-Disposition: %b\nReferences: %b\n\nhi" % ((value,) * 5)
    read_mail(raw)


# Without dashes: at the end of a part, the library takes a closing separator that follows another for no closing one.
_TEXT = st.text(st.characters(codec="ascii", exclude_characters="\r-"), max_size=60)
_ENCODINGS = st.sampled_from(["7bit", "8bit", "quoted-printable", "base64", "Base64", "x-uuencode", "bogus"])
_TYPES = st.sampled_from(
    [
        *(
            "text/plain",
            "text/plain; charset=utf-8",
            "text/html; charset=iso-8859-2",
            "image/png",
            "text",
            "TEXT/Plain",
        ),
        *('text/plain; charset="utf-8"; format=fixed', "application/pdf; name=a.pdf", "message/x"),
    ]
)


def _leaf(kind: str, encoding: str, text: str) -> str:
    body = encodebytes(text.encode()).decode() if encoding.lower().strip() == "base64" else text
    return f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n{body}"


_LEAVES = st.builds(
    _leaf, _TYPES, _ENCODINGS, _TEXT | st.sampled_from(["--b\nx", "--b1--\nx", "x\n--b \n--b\ny", "=41=\n"])
)


def _container(parts: list[str], boundary: str, subtype: str, closed: bool) -> str:
    body = "".join(f"\n--{boundary}\n{part}" for part in parts)
    end = f"\n--{boundary}--\nafterwards" if closed else ""
    return f'Content-Type: multipart/{subtype}; boundary="{boundary}"\n\nbefore{body}{end}'


_MIME = st.recursive(
    _LEAVES,
    lambda parts: st.builds(
        _container,
        st.lists(parts, min_size=1, max_size=3),
        st.sampled_from(["b", "b1", "b-2", "c d"]),
        st.sampled_from(["mixed", "alternative", "related"]),
        st.booleans(),
    ),
    max_leaves=6,
)


def _leaves_by_library(message: Message) -> list[tuple[str, bytes]]:
    leaves = (part for part in message.walk() if not part.is_multipart())
    decoded = ((part.get_content_type(), part.get_payload(decode=True)) for part in leaves)
    return [(kind, body.rstrip(b"\n")) for kind, body in decoded if isinstance(body, bytes)]


@given(_MIME)
@settings(max_examples=500)
def test_parts_are_found_and_decoded_as_the_standard_library_does(mime: str) -> None:
    raw = b"MIME-Version: 1.0\n" + mime.encode()
    library = message_from_bytes(raw)
    if any(
        part.get_content_maintype() in {"message", "multipart"} for part in library.walk() if not part.is_multipart()
    ):
        return  # a container without parts is text here, and a mail within a mail stays closed
    if any(part.get_content_maintype() == "message" for part in library.walk()):
        return
    header_end, body = split_header(raw, 0, len(raw))
    content = find_content(raw, Header(raw[:header_end]), body, len(raw))
    found = [content.text, *content.attached] if content.text else content.attached
    ours = [(part.content.kind, decode_body(raw, part).rstrip(b"\n")) for part in found]
    theirs = _leaves_by_library(library)  # without line ends at the end: of an open part, it takes one off
    assert all(leaf in theirs for leaf in ours)
    plain = [leaf for leaf in theirs if leaf[0] == "text/plain"]
    if content.text is not None and content.text.content.kind == "text/plain":
        assert ours[0] == plain[0]
        read_text(raw, content.text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_plain_text_comes_through_as_it_was_written(text: str) -> None:
    raw = HEADER + b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()
    wanted = text.replace("\r\n", "\n").replace("\0", "�").rstrip("\n")
    assert [post.text for post in posts_of(read_mail(raw))] == [wanted]
