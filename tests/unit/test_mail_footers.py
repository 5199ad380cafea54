"""What stands below the words of a mail is told from them: signatures, and the footers of mailing lists."""

import pytest

from archive.domain.mail_footers import footer_start

WORDS = "The toll was paid in salt.\n\nSee the ledger.\n"
MAILMAN = (
    "_______________________________________________\nharbour mailing list\nharbour@lists.quay.example\n"
    "https://lists.quay.example/mailman/listinfo/harbour\n"
)
PYTHON = "--\nhttps://mail.quay.example/mailman/listinfo/harbour\n"
SIGNATURE = "-- \nIlse Marten\nHarbour archive, Quay\n"
GOOGLE = (
    'You received this message because you are subscribed to the Google Groups "Harbour" group.\n'
    "To unsubscribe from this group and stop receiving emails from it, send an email to\n"
    "harbour+unsubscribe@googlegroups.com.\n"
)
YAHOO = (
    "------------------------ Yahoo! Groups Sponsor --------------------~-->\nBuy ink here.\n"
    "--------------------------------------------------------------------~->\n\n"
    "To unsubscribe from this group, send an email to:\nharbour-unsubscribe@quay.example\n"
)


@pytest.mark.parametrize(
    "footer",
    [MAILMAN, PYTHON, SIGNATURE, GOOGLE, f"-- \n{GOOGLE}", YAHOO, SIGNATURE + "\n" + MAILMAN, GOOGLE + MAILMAN],
    ids=["Mailman", "dashes", "signature", "Google", "Google below dashes", "Yahoo", "two", "of two lists"],
)
def test_a_footer_is_told_from_the_words_above_it(footer: str) -> None:
    assert footer_start(WORDS + footer) == len(WORDS)
    assert footer_start((WORDS + footer).rstrip("\n")) == len(WORDS)


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        MAILMAN,  # and nothing else
        f"{WORDS}{SIGNATURE}\n> What of the ships?\n\nThey paid too.\n",  # people answer below signatures
        f"{WORDS}{'_' * 40}\n\nAnother chapter begins here, without an address.\n",
        f"{WORDS}{'_' * 40}\n[1] https://quay.example/ledger, p. 12\n",
        f"{WORDS}{'-' * 40}\nSources: the list of https://quay.example/lists/\n",
        WORDS + "-- \n" + "A line of the text.\n" * 40,
        f"{WORDS}--\nThe editor\n",
        "> -- \n> Ilse\n",
        "",
    ],
)
def test_what_is_no_footer_is_left_with_the_words(text: str) -> None:
    assert footer_start(text) is None


def test_long_texts_of_lines_take_no_longer_for_it() -> None:
    assert footer_start("-- \n" * 300_000) is not None
    assert footer_start("_" * 1_000_000) is None
