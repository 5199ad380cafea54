"""The log that everybody may read: what was decided, by kind."""

from enum import StrEnum


class LogAct(StrEnum):
    """Something that was decided, as the log names it in its addresses."""

    TAG = "tag"
    ADJUDICATION = "adjudication"  # of answers that moderators read otherwise
    UNDO = "undo"
    ANSWER = "answer"  # to an objection


WORDS: dict[LogAct, str] = {
    LogAct.TAG: "Tagged",
    LogAct.ADJUDICATION: "Decided between readings",
    LogAct.UNDO: "Taken back",
    LogAct.ANSWER: "Objection answered",
}
