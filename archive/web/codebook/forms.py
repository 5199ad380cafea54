"""The form of the codebook as it came in. Rows of which nothing is left are left out: so a case or an example is
removed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, takewhile

from flask import request

from archive.domain.codebook import OUTCOMES, Codebook, EdgeCase, Example
from archive.domain.source_quality import Level
from archive.web.addresses import MOST_ROWS
from archive.web.form_fields import number_field, text_field, word_field

_ANY_LENGTH = 10**9  # characters; the codebook itself says how many it takes, and nothing that was typed is lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the form, whether or not it can be saved."""

    based_on: int  # the version that the form was made from
    wording: Codebook
    reason: str
    is_slip: bool  # whether only a slip of the pen was mended, so that no tag is to be looked at again


def typed_edit() -> Typed:
    """What came in.

    :raises FieldError: if that was no form of ours.
    """
    return Typed(
        based_on=min(number_field("version"), MOST_ROWS),
        wording=Codebook(
            meanings={level: _text(f"meaning-{level}") for level in Level},
            questions=[_text(f"question-{number}") for number in range(len(OUTCOMES))],
            cases=list(_cases()),
            examples=list(_examples()),
        ),
        reason=_text("reason"),
        is_slip="slip" in request.form,
    )


def _cases() -> Iterator[EdgeCase]:
    for number in _numbers("case"):
        case, outcome = _text(f"case-{number}"), _text(f"outcome-{number}")
        chosen = request.form.getlist(f"levels-{number}")
        if case or outcome:
            yield EdgeCase(case, outcome, frozenset(level for level in Level if level.value in chosen))


def _examples() -> Iterator[Example]:
    for number in _numbers("example"):
        text, why = _text(f"example-{number}"), _text(f"why-{number}")
        if text or why:
            yield Example(word_field(f"level-{number}", Level), text, why)


def _numbers(name: str) -> Iterator[int]:
    """The numbers of the rows that the form has, from 0."""
    return takewhile(lambda number: f"{name}-{number}" in request.form, count())


def _text(name: str) -> str:
    return text_field(name, label="This", most=_ANY_LENGTH)
