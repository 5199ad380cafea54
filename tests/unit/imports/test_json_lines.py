"""What is said of lines that are not JSON."""

import pytest

from imports.json_lines import parse_object

WHOLE = '{"id": 12.5e3, "t": true, "x": null, "b": "b\\u00e4r \\"did\\".", "l": [1, {"a": []}], "u": "ä😀"}'.encode()


@pytest.mark.parametrize("line_end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("length", range(1, len(WHOLE)))
def test_a_line_that_was_cut_anywhere_is_said_to_end_early(length: int, line_end: bytes) -> None:
    assert parse_object(WHOLE[:length] + line_end) == "is not JSON: it ends early, so it may have been cut off."


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"a": "b\tc"}\n', "is not JSON: unexpected control character in string, at column 9."),
        (b'{"a": 1} x\n', "is not JSON: unexpected content after document, at column 10."),
        (b'{"a": "\xe4"}\n', "is not JSON: str is not valid UTF-8: surrogates not allowed, at column 1."),
        (b"[1]", "is not a JSON object."),
    ],
)
def test_what_is_wrong_elsewhere_is_said_with_its_place(raw: bytes, said: str) -> None:
    assert parse_object(raw) == said
