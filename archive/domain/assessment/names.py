"""The shapes of names, of people and of works, as pieces of expressions.

Every repetition is bounded, so that no input makes an expression run long.
"""

_PART = r"(?:(?:[A-Z]\.){1,3}|[A-ZÀ-ÖØ-Þ][\w'-]{0,20})"
_PARTICLES = r"(?:(?:de|di|da|du|van|von|der|den|la|le|del|al|bin|ibn)\s){0,2}"

NAME = rf"{_PART}(?:\s{_PARTICLES}{_PART}){{0,3}}"
FULL_NAME = rf"{_PART}(?:\s{_PARTICLES}{_PART}){{1,3}}"

_TITLE_WORD = r"[A-ZÀ-ÖØ-Þ][\w'-]{0,24}"
_SMALL_WORDS = r"(?:(?:of|the|and|in|to|a|an|for|on|from|at|with|or|as|&|into)\s){0,3}"

# Where a work is to be had, when it was, or whose the next one is: no part of its title.
_WHERE = (
    r"(?:on|at|from|via)\s(?:Netflix|You[Tt]ube|Amazon|HBO|PBS|Hulu|Audible|Reddit|Wikipedia|Google|Kindle|Spotify)"
    r"|in\s\d{4}\b|(?:and|or|&)\s[A-Z][\w-]{1,24}(?:\s[A-Z][\w-]{1,24})?'s\s[A-Z]"
)

# Capitalised words with small ones between them: "The Guns of August".
_LAST_PART = rf"(?:{_TITLE_WORD}|\d{{1,4}}(?:[-–]\d{{2,4}})?)\b"
TITLE_RUN = rf"(?:{_TITLE_WORD}|1\d{{3}})(?:[,:]?\s(?!{_WHERE}){_SMALL_WORDS}{_LAST_PART}){{1,12}}"

CALLED = "called|titled|entitled|named|headed"  # between “the chapter” and its title

BOOKISH = (
    "books?|memoirs?|autobiography|biography|diary|novel|essay|article|paper|study|monograph|textbook|films?|"
    "documentary|series|thesis|dissertation|podcast|poem|treatise|report"
)
