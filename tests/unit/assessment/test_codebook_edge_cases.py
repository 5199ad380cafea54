"""The edge cases of the codebook: a text, its level, and the rule that decides."""

import pytest

from archive.domain.assessment import assess
from archive.domain.source_quality import Level

P, C, A, R, U = Level.PINPOINT, Level.CITED, Level.ATTRIBUTED, Level.RECOLLECTED, Level.UNSOURCED
T, G, N = Level.TESTIMONY, Level.CONJECTURE, Level.NOT_ANSWER

CASES = [
    (C, "https://www.example.org/essays/salt-tax-and-its-enemies", "a link and nothing else"),
    (
        C,
        "This was answered at length here: https://www.reddit.com/r/AskHistorians/comments/abc123/salt_tax/",
        "pointer",
    ),
    (
        C,
        "The gabelle was not one tax but six. See https://en.wikipedia.org/wiki/Gabelle for the map.",
        "Wikipedia linked",
    ),
    (C, "The Wikipedia article on the gabelle lists six fiscal regions, each with its own price for salt.", "named"),
    (A, "According to Wikipedia the salt tax was levied at different rates in each of the six regions.", "unnamed"),
    (
        C,
        (
            "The tax fell on households by head count, and the farmers of it grew rich.\n\nFurther reading:\n\n"
            "* Marta Ellwood, *Salt and the Crown* (1987)\n* Ivo Brandt, *The Farmers General: A History* (2003)"
        ),
        "a reading list at the end",
    ),
    (
        P,
        "Households paid by head count.\n\nFurther reading: Marta Ellwood, *Salt and the Crown* (1987), p. 212.",
        "a reading list with a page",
    ),
    (
        U,
        (
            "The standard work is Marta Ellwood, *Salt and the Crown*, but I haven't read it. The tax was paid by head "
            "count in the north of the kingdom and by weight in the provinces that had been conquered later."
        ),
        "named but not consulted",
    ),
    (
        U,
        (
            'The minister saw it coming. "The people will forgive a war sooner than a price," and that was the whole of '
            "the policy that the crown followed for the next forty years in the provinces of the north."
        ),
        "a quotation without source",
    ),
    (
        U,
        (
            "Stalin told Molotov that the matter was closed. Molotov went home, the train left that same night, and the "
            "delegation reached Helsinki two days later with nothing in its bags but the old demands."
        ),
        "an actor who speaks in the narrative",
    ),
    (U, "As u/saltminer said above, the tax was paid by weight. It was collected in autumn, after the harvest.", "u/x"),
    (
        U,
        (
            "I am a historian of the early modern period. The tax was paid by head count in the north of the kingdom, by "
            "weight in the south, and not at all in Brittany, whose estates had bargained it away."
        ),
        "credentials alone",
    ),
    (A, "According to ChatGPT the salt tax was abolished in 1790 and came back under Napoleon in 1806.", "a chatbot"),
    (
        C,
        "The list is gone now, http://www.example.org/dead/tax-rolls.html only gives an error, but it had each parish.",
        "a dead link",
    ),
    (
        U,
        (
            "The tax was paid by head count in the north of the kingdom and by weight in the south. Smuggling was a trade "
            "for whole villages along the line between the two. Will add sources tonight when the library opens."
        ),
        "promised sources",
    ),
    (N, "Do you have a source for the claim about the villages?", "a request"),
    (
        C,
        (
            "The figure of six regions is from Marta Ellwood's *Salt and the Crown*. The guards carried muskets. In the "
            "east things were different in every way that matters to a smuggler. IIRC the eastern line had dogs too."
        ),
        "IIRC on a side claim",
    ),
    (R, "IIRC the salt tax was paid by weight in the south.", "IIRC as the only basis"),
    (
        U,
        (
            "As far as I know, the tax was paid by weight in the south and by head count in the north, and the guards on "
            "the line between them were the most hated men of the kingdom for three hundred years."
        ),
        "a hedge is no recollection",
    ),
    (
        T,
        (
            "When I was in the customs service we used to find salt in the wheels. I worked on that border for six years, "
            "and IIRC I stopped about forty carts. My father did the same work before me."
        ),
        "own experience, with IIRC",
    ),
    (
        U,
        (
            "The Treaty of Tilsit ended the war. It set up the Duchy of Warsaw, closed the ports of the continent to "
            "British trade, and left the smaller German states to be shared out among the victors."
        ),
        "a treaty that is the topic",
    ),
    (P, "The plate is in https://books.google.com/books?id=abcDEF123&pg=PA18 and shows the whole line.", "pg="),
    (P, "He says so himself: https://youtu.be/abcDEF12345?t=1h33m25s and does not sound sorry about it.", "t="),
    (P, "The tariff is reproduced at https://example.org/tariff.pdf#page=12 in full.", "#page="),
    (
        C,
        'The best study is Marta Ellwood, "The Price of Salt," Journal of Taxes 12 (1987), pp. 201-245.',
        "an article's full range of pages is no locator",
    ),
    (
        U,
        (
            "Off the top of my head: the tax was paid by weight in the south, by head count in the north, and not at all "
            "in Brittany. The guards on the line between them were hated, and the smugglers were sung about."
        ),
        "off the top of my head, alone",
    ),
    (C, "There is a whole chapter of numbers in *The Long Hunger for Salt in France* [link].", "a stripped link"),
    (
        N,
        "I remember reading that the guards had dogs. Is that true, and do you know what breed they were?",
        "a question",
    ),
    (N, "Salt? In my empire? Off with his head, lol!", "a joke"),
    (
        U,
        (
            "> According to Ellwood, *Salt and the Crown*, p. 12, the guards had dogs.\n\nThey did not. The dogs came "
            "with the reform of the service, two generations after the period that the question is asking about."
        ),
        "the words of a block quotation belong to the one quoted",
    ),
    (N, "[deleted]", "deleted text"),
    (N, "", "no text"),
    (R, "My professor said that the guards were paid by the cart they stopped.", "a professor's word"),
    (R, "I read somewhere that the guards were paid by the cart.", "read somewhere"),
    (T, "My grandfather told me how they hid the salt in the cradle under the baby when the guards came.", "a witness"),
    (G, "My guess is that the guards took a share. I suspect nobody counted the carts.", "own guess"),
    (P, "They were hated already in Nero's day (Tac. Ann. 13.50), and the emperor thought of ending it.", "canonical"),
    (P, "“There is neither Jew nor Greek” (Gal 3:28) was read as a promise about the world to come.", "scripture"),
    (P, "The order is in RGASPI f. 17 op. 2 d. 577, with corrections in his hand.", "a single archival item"),
    (
        A,
        "Ellwood argues that the guards were paid by the cart, and that this explains the violence.",
        "a named scholar",
    ),
    (U, "Most historians agree that the guards were paid by the cart, and it is well known that they stole.", "vague"),
]


@pytest.mark.parametrize(("level", "text", "rule"), CASES, ids=[rule for _, _, rule in CASES])
def test_the_codebook_decides(level: Level, text: str, rule: str) -> None:
    suggestion = assess(text)
    assert suggestion.level is level, "\n".join((rule, *suggestion.path))
