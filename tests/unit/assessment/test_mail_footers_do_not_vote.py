"""A signature and the footer of a mailing list are nobody's answer."""

from archive.domain.assessment import assess
from archive.domain.records import Markup

WORDS = "The toll was paid in salt.\n\n"
FOOTER = "-- \nIlse Marten, author of “Tolls of the Quay”, Harbour Press, 1999, p. 12, ISBN 978-0-306-40615-7\n"


def test_what_stands_below_the_words_of_a_mail_does_not_vote_and_is_shown_as_that() -> None:
    alone = assess(WORDS, Markup.MAIL)
    signed = assess(WORDS + FOOTER, Markup.MAIL)
    assert (signed.level, signed.confidence) == (alone.level, alone.confidence)
    (signal,) = [signal for signal in signed.signals if signal.start >= len(WORDS)]
    assert (signal.start, signal.end) == (len(WORDS), len(WORDS + FOOTER))
    assert "footer of a mailing list" in signal.why
    assert assess(WORDS + FOOTER, Markup.PLAIN).level is not alone.level  # elsewhere nobody signs so


def test_a_quotation_above_a_footer_stays_one() -> None:
    quoted = assess("> Who paid?\n\n" + WORDS + FOOTER, Markup.MAIL)
    assert [signal.kind for signal in quoted.signals].count("block_quote") == 2
