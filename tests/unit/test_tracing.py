"""Which references may be offered, and for which answers."""

import pytest

from archive.domain.flooding import EnoughError
from archive.domain.source_quality import Level
from archive.domain.tracing import (
    OFFERS,
    OfferNotAllowedError,
    check_level,
    check_traceable,
    clean_reason,
    clean_reference,
    level_with,
)


@pytest.mark.parametrize("level", [*Level, None])
def test_only_answers_from_memory_or_that_name_somebody_are_traced(level: Level | None) -> None:
    if level in (Level.RECOLLECTED, Level.ATTRIBUTED):
        check_traceable(level, waiting=0)
        with pytest.raises(EnoughError, match="wait for a moderator"):
            check_traceable(level, waiting=OFFERS.waiting_for_one)
    else:
        with pytest.raises(OfferNotAllowedError, match="from memory"):
            check_traceable(level, waiting=0)


def test_whoever_adds_the_page_makes_the_answer_cited_with_page() -> None:
    assert level_with("p. 94", in_force=Level.RECOLLECTED) is Level.PINPOINT
    assert level_with("", in_force=Level.RECOLLECTED) is Level.CITED
    assert level_with("", in_force=None) is Level.CITED


def test_a_further_reference_without_a_page_leaves_the_answer_with_the_page_that_it_has() -> None:
    assert level_with("", in_force=Level.PINPOINT) is Level.PINPOINT
    assert level_with("", in_force=Level.CITED) is Level.CITED
    assert level_with("p. 94", in_force=Level.CITED) is Level.PINPOINT


@pytest.mark.parametrize("level", Level)
def test_a_supplied_reference_leads_to_a_sourced_level_or_to_none(level: Level) -> None:
    if level in (Level.CITED, Level.PINPOINT):
        check_level(level)
    else:
        with pytest.raises(OfferNotAllowedError, match="decline it"):
            check_level(level)


@pytest.mark.parametrize("reference", ["", "   ", "??? !!! ...", "a book", "\0\0\0\0\0\0\0\0\0"])
def test_what_names_no_work_is_no_reference(reference: str) -> None:
    with pytest.raises(OfferNotAllowedError, match="Name the work"):
        clean_reference(reference)


def test_a_reference_is_kept_as_typed_up_to_its_length() -> None:
    assert clean_reference(" Хрущёв, Воспоминания\0 ") == "Хрущёв, Воспоминания"
    assert len(clean_reference("x" * 1_000)) == 1_000
    with pytest.raises(OfferNotAllowedError, match="at most 1,000"):
        clean_reference("x" * 1_001)


def test_whoever_declines_says_why() -> None:
    assert clean_reason(" Another edition. ") == "Another edition."
    with pytest.raises(OfferNotAllowedError, match="Say why"):
        clean_reason(" \n")
    with pytest.raises(OfferNotAllowedError, match="at most 2,000"):
        clean_reason("x" * 2_001)
