"""What a collection asks of its moderators: how many read each answer, what they see first, and what comes next."""

from dataclasses import dataclass
from enum import StrEnum

from archive.domain.ids import PublicId
from archive.errors import ArchiveError

MOST_VOTES = 3  # that an answer may need
_SYMBOLS = "0123456789abcdefghjkmnpqrstvwxyz"  # of an address, which is the beginning of a hash


class Showing(StrEnum):
    """What of the program's reading stands beside an answer before the vote."""

    BLIND = "blind"  # nothing, and nothing after it
    MARKS = "marks"  # the words that were noticed; what is suggested comes after the vote
    SHOWN = "shown"  # the suggestion, too


class BenchRulesError(ArchiveError):
    """Rules that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRules:
    """The rules of one collection. Shares are in percent; what the four leave comes in reading order."""

    votes_needed: int = 1
    double_percent: int = 0  # of the answers: drawn at random, they need two votes at least
    showing: Showing = Showing.MARKS
    uncertain_percent: int = 60  # of what is served: answers of which the suggestion is least sure
    random_percent: int = 10  # answers that were drawn at random
    second_percent: int = 20  # answers that want one more vote
    audit_percent: int = 0  # answers decided by one moderator, to be read once more

    @property
    def shows_marks(self) -> bool:
        """Whether anybody is shown what the program noticed."""
        return self.showing is not Showing.BLIND

    def shows_suggestion(self, *, read_before: bool) -> bool:
        """Whether a moderator is shown what the program would say.

        :param read_before: whether they voted on the text, or decided on it.
        """
        return self.showing is Showing.SHOWN or (self.showing is Showing.MARKS and read_before)

    def needed(self, post: PublicId) -> int:
        """How many votes an answer needs."""
        return max(self.votes_needed, 2) if is_drawn(post, self.double_percent) else self.votes_needed


def check_rules(rules: BenchRules) -> None:
    """Whether there can be such rules.

    :raises BenchRulesError: if a number is out of its range, or the shares are more than the whole.
    """
    if not 1 <= rules.votes_needed <= MOST_VOTES:
        raise BenchRulesError(f"An answer needs 1 to {MOST_VOTES} votes.")
    shares = (rules.uncertain_percent, rules.random_percent, rules.second_percent, rules.audit_percent)
    if not all(0 <= share <= 100 for share in (*shares, rules.double_percent)):
        raise BenchRulesError("A share is a number from 0 to 100.")
    if sum(shares) > 100:
        raise BenchRulesError(f"The four shares of the queue make {sum(shares)} percent; they can make 100 at most.")


def is_drawn(post: PublicId, percent: int) -> bool:
    """Whether an answer belongs to the share that is drawn at random: the same one in any archive, and at any time."""
    return post < drawn_below(percent)


def drawn_below(percent: int) -> PublicId:
    """The address below which answers are drawn: addresses are hashes, so they lie evenly."""
    if percent >= 100:
        return PublicId("~")  # behind all symbols
    value, first = percent * len(_SYMBOLS) ** 4 // 100, ""
    for _ in range(4):
        value, symbol = divmod(value, len(_SYMBOLS))
        first = _SYMBOLS[symbol] + first
    return PublicId(first)
