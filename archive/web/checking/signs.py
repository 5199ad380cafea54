"""The signs of verdicts, which stand before their words and never alone."""

from archive.domain.checking import CheckSum
from archive.domain.sources.verdicts import Verdict
from archive.web.words import counted

SIGNS: dict[Verdict, str] = {
    Verdict.UNCHECKED: "unchecked",
    Verdict.FOUND: "checked",
    Verdict.SUPPORTS: "checked",
    Verdict.PARTLY: "checked",
    Verdict.DOES_NOT_SUPPORT: "against",
    Verdict.NOT_FOUND: "against",
    Verdict.DEAD: "against",
    Verdict.NO_ACCESS: "unchecked",
    Verdict.FABRICATED: "against",
}


def sum_sign(checked: CheckSum) -> str:
    """The sign of what was found of all references of an answer: the worst of theirs, but for those not looked up."""
    signs = {SIGNS[verdict] for verdict in checked.by_verdict}
    return next((sign for sign in ("against", "checked") if sign in signs), "unchecked")


def looked_up_words(cited: int, checked: int) -> str:
    """How many of the cited answers of a thread have a source that somebody looked up."""
    if not checked:
        return "not checked" if cited == 1 else "none of them checked"
    return "looked up" if cited == 1 else f"sources of {counted(checked, 'answer')} looked up"
