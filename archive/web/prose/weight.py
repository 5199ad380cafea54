"""How much a rendering costs, known before it is paid for: a page promises every item within 250 ms.

The last wall takes some 15 microseconds for a tag, and 6 for a reference to a character; a parser takes
some 6 for each sign that might be markup, and much less for a letter. One rule for every markup.
"""

MAX_HTML_LENGTH = 400_000  # characters that go through the walls
MAX_TAGS = 5_000
MAX_REFERENCES = 10_000  # such as &amp;

_SIGNS = "*_`[]<>|#~\n&\\^!:=-"
_SIGN_COST = 25  # letters that are parsed in the time of one sign


def too_much(html: str) -> bool:
    """Whether the HTML is longer, or has more tags, than the walls look through in time."""
    return len(html) > MAX_HTML_LENGTH or html.count("<") > MAX_TAGS or html.count("&") > MAX_REFERENCES


def cost(text: str) -> int:
    """What it costs to render a text once, in letters."""
    return len(text) + _SIGN_COST * sum(map(text.count, _SIGNS))
