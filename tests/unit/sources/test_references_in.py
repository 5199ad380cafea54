"""The works that a text names, with their keys, their places and how they are known."""

from archive.domain.sources import Manner, SourceKind, references_in


def test_a_number_is_a_work_under_its_normalised_key() -> None:
    (book,) = references_in("The paperback is ISBN 0-306-40615-2.")
    assert (book.kind, book.keys) == (SourceKind.ISBN, ("isbn:9780306406157",))


def test_a_work_that_cannot_be_cited_is_remembered() -> None:
    (work,) = references_in("I read the Memoirs of Marta Ellwood but cannot cite them now.")
    assert work.manner is Manner.RECALLED
