"""The codebook as data: what can be saved, what two versions say differently, and two edits brought together."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.domain.assessment import assess
from archive.domain.codebook import (
    MAX_CASES,
    MAX_MEANING,
    OUTCOMES,
    Codebook,
    EdgeCase,
    Example,
    as_stored,
    find_faults,
    from_stored,
)
from archive.domain.codebook_changes import Part, changes, levels_redefined, merged
from archive.domain.shipped_codebook import SHIPPED
from archive.domain.source_quality import Level

ATLAS = EdgeCase("It points to a map without a name", "Attributed, not cited.", frozenset({Level.ATTRIBUTED}))
SONG = EdgeCase("It sings", "Not an answer.")


def meaning(level: Level, words: str, of: Codebook = SHIPPED) -> Codebook:
    return replace(of, meanings={**of.meanings, level: words})


def with_case(case: EdgeCase, of: Codebook = SHIPPED) -> Codebook:
    return replace(of, cases=[*of.cases, case])


def places(codebook: Codebook) -> list[str]:
    return [fault.place for fault in find_faults(codebook)]


def test_the_shipped_codebook_could_be_saved_as_it_is() -> None:
    assert places(SHIPPED) == []
    assert set(SHIPPED.meanings) == set(Level)
    assert len(SHIPPED.steps) == len(OUTCOMES) == 7
    assert {example.level for example in SHIPPED.examples} == set(Level)


@pytest.mark.parametrize("example", SHIPPED.examples, ids=[example.level for example in SHIPPED.examples])
def test_the_program_suggests_the_level_that_a_shipped_example_has(example: Example) -> None:
    assert assess(example.text).level is example.level


def test_every_level_can_be_reached_by_the_questions() -> None:
    assert {level for step in OUTCOMES for level in (step.yes, step.no)} - {None} == set(Level)


def test_a_wording_is_the_same_after_it_was_stored() -> None:
    assert from_stored(json.loads(json.dumps(as_stored(SHIPPED)))) == SHIPPED


@pytest.mark.parametrize(
    ("spoiled", "place"),
    [
        (meaning(Level.CITED, " "), "meaning-cited"),
        (meaning(Level.CITED, "x" * (MAX_MEANING + 1)), "meaning-cited"),
        (replace(SHIPPED, questions=["", *SHIPPED.questions[1:]]), "question-0"),
        (with_case(EdgeCase("", "Cited.")), f"case-{len(SHIPPED.cases)}"),
        (with_case(EdgeCase("It rhymes", "")), f"outcome-{len(SHIPPED.cases)}"),
        (with_case(EdgeCase("It  rests on\nWikipedia", "Cited.")), f"case-{len(SHIPPED.cases)}"),
        (replace(SHIPPED, cases=[EdgeCase(str(n), "Cited.") for n in range(MAX_CASES + 1)]), f"case-{MAX_CASES}"),
        (replace(SHIPPED, examples=[Example(Level.CITED, "", "so")]), "example-0"),
        (replace(SHIPPED, examples=[Example(Level.CITED, "so", "")]), "why-0"),
    ],
)
def test_what_is_missing_too_long_or_double_is_named_with_its_field(spoiled: Codebook, place: str) -> None:
    assert places(spoiled) == [place]


def test_what_a_level_means_is_a_change_of_that_level() -> None:
    [change] = changes(SHIPPED, meaning(Level.CITED, "A reference."))
    assert (change.part, change.levels, change.new) == (Part.MEANING, {Level.CITED}, "A reference.")


def test_blanks_and_the_order_of_cases_are_no_change() -> None:
    other = replace(
        meaning(Level.CITED, "  " + SHIPPED.meanings[Level.CITED].replace(" ", "\n")), cases=SHIPPED.cases[::-1]
    )
    assert changes(SHIPPED, other) == []


def test_a_question_is_of_the_levels_that_follow_from_it() -> None:
    [change] = changes(SHIPPED, replace(SHIPPED, questions=[*SHIPPED.questions[:6], "A guess?"]))
    assert change.levels == {Level.CONJECTURE, Level.UNSOURCED}


def test_a_reworded_case_is_one_change_and_of_the_levels_of_both() -> None:
    old, new = with_case(ATLAS), with_case(replace(ATLAS, case="It points to a map", levels=frozenset({Level.CITED})))
    [change] = changes(old, new)
    assert change.old
    assert change.new
    assert change.levels == {Level.ATTRIBUTED, Level.CITED}


@pytest.mark.parametrize(("old", "new"), [(SHIPPED, with_case(ATLAS)), (with_case(ATLAS), SHIPPED)])
def test_a_case_that_comes_or_goes_is_a_change_of_its_levels(old: Codebook, new: Codebook) -> None:
    found = changes(old, new)
    assert [(change.part, change.old is None, change.new is None) for change in found] == [
        (Part.CASE, old is SHIPPED, new is SHIPPED)
    ]
    assert levels_redefined(found) == {Level.ATTRIBUTED}


def test_a_case_of_other_levels_is_another_definition_of_all_of_them() -> None:
    found = changes(with_case(ATLAS), with_case(replace(ATLAS, levels=frozenset({Level.CITED}))))
    assert levels_redefined(found) == {Level.ATTRIBUTED, Level.CITED}


def test_an_example_shows_and_does_not_define() -> None:
    found = changes(SHIPPED, replace(SHIPPED, examples=SHIPPED.examples[1:]))
    assert [change.part for change in found] == [Part.EXAMPLE]
    assert levels_redefined(found) == set()


def _reword(codebook: Codebook, place: int, outcome: str) -> Codebook:
    cases = list(codebook.cases)
    cases[place] = replace(cases[place], outcome=outcome)
    return replace(codebook, cases=cases)


@pytest.mark.parametrize(
    ("mine", "theirs", "together"),
    [
        (meaning(Level.CITED, "Mine."), SHIPPED, meaning(Level.CITED, "Mine.")),
        (SHIPPED, meaning(Level.CITED, "Theirs."), meaning(Level.CITED, "Theirs.")),
        (meaning(Level.CITED, "Mine."), meaning(Level.CITED, "Theirs."), meaning(Level.CITED, "Mine.")),
        (
            meaning(Level.CITED, "Mine."),
            meaning(Level.UNSOURCED, "Theirs."),
            meaning(Level.CITED, "Mine.", meaning(Level.UNSOURCED, "Theirs.")),
        ),
        (SHIPPED, _reword(SHIPPED, 3, "Theirs."), _reword(SHIPPED, 3, "Theirs.")),
        (_reword(SHIPPED, 3, "Mine."), _reword(SHIPPED, 3, "Theirs."), _reword(SHIPPED, 3, "Mine.")),
        (SHIPPED, replace(SHIPPED, cases=SHIPPED.cases[1:]), replace(SHIPPED, cases=SHIPPED.cases[1:])),
        (replace(SHIPPED, cases=SHIPPED.cases[1:]), SHIPPED, replace(SHIPPED, cases=SHIPPED.cases[1:])),
        (with_case(ATLAS), with_case(SONG), with_case(SONG, with_case(ATLAS))),
    ],
    ids=[
        "only mine", "only theirs", "both the same", "each another", "their case", "one case", "they removed",
        "I removed", "each added",
    ],
)  # fmt: skip
def test_what_i_left_as_it_was_is_theirs_and_the_rest_is_mine(
    mine: Codebook, theirs: Codebook, together: Codebook
) -> None:
    assert changes(merged(SHIPPED, mine, theirs), together) == []


def test_an_edit_brought_together_with_itself_stays_as_it_is() -> None:
    edits: list[Callable[[], Codebook]] = [lambda: with_case(ATLAS), lambda: meaning(Level.CITED, "Mine.")]
    for edit in edits:
        assert changes(merged(SHIPPED, edit(), edit()), edit()) == []
