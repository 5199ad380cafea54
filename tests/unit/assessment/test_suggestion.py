"""What a suggestion says of itself."""

from archive.domain.assessment import ENGINE, KINDS, assess, explain
from archive.domain.source_quality import Level

CITED = "It is all in *Salt and the Crown* by Marta Ellwood, p. 12."


def test_the_path_repeats_the_deciding_words() -> None:
    assert assess(CITED).path[-3:] == (
        "Q0 Tries to answer: yes",
        "Q1 A reference that can be retrieved: yes, “Salt and the Crown”",
        "Q2 A place in it: yes, “p. 12”",
    )


def test_the_engine_signs() -> None:
    assert assess("It was so.").engine == ENGINE
    assert assess("It was so.", engine="mine").engine == "mine"


def test_every_kind_has_its_own_name() -> None:
    assert len({kind.name for kind in KINDS.values()}) == len(KINDS)


def test_two_levels_are_named_the_likelier_first() -> None:
    suggestion = assess("I think it was about salt, and that the guards had something to do with it.")
    assert suggestion.second not in (None, suggestion.level)
    assert 0 < suggestion.second_confidence <= suggestion.confidence < 1


def test_a_certain_text_is_more_certain_than_a_doubtful_one() -> None:
    link = assess("https://example.org/salt")
    vague = assess("I think it was about salt, and that the guards had something to do with it.")
    assert link.confidence > vague.confidence


def test_the_sentence_that_decides_is_pointed_out() -> None:
    text = "There were six regions. I read somewhere that the guards were paid by the cart. They were hated for it."
    suggestion = assess(text)
    assert suggestion.telling is not None
    assert text[slice(*suggestion.telling)] == "I read somewhere that the guards were paid by the cart."


def test_it_says_what_would_make_another_level_of_it() -> None:
    assert assess("It is all in *Salt and the Crown* by Marta Ellwood.").changes == (
        "A page, a chapter or a time in the source would make this “Cited, with page”.",
    )


def test_the_reasons_have_names_and_the_weightiest_is_first() -> None:
    reasons = explain("I read somewhere that the guards were paid by the cart.", Level.RECOLLECTED)
    assert "Said to be from memory" in {reason.name for reason in reasons}
    weights = [abs(reason.weight) for reason in reasons]
    assert weights == sorted(weights, reverse=True)
