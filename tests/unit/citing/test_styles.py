"""Citations as the rules of each style have them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.domain.citing.cited import Cited, Part, Shared, Tagged, one_line
from archive.domain.citing.styles import Run, Style, citation, plain
from archive.domain.source_quality import Level

URL = "https://archive.example/posts/4kq7m2a8d0f3hx/at/5f3a91c05f3a91c0"
BROAD_ST = Cited(
    part=Part.QUESTION,
    key="footnote-4kq7m2a8d0f3hx-5f3a91c0",
    by="wharfinger_june",
    title="Did taking the handle off the Broad St pump end the cholera of 1854?",
    opening="",
    posted_at=datetime(2019, 3, 9, 14, 2, tzinfo=UTC),
    collection="Asked of History",
    archive="Footnote",
    url=URL,
    retrieved_at=datetime(2026, 11, 22, tzinfo=UTC),
    standing=None,
)
CITED_WITH_PAGE = Tagged(level=Level.PINPOINT, at=datetime(2026, 5, 3, tzinfo=UTC), checked="not checked")
ANSWER = replace(
    BROAD_ST,
    part=Part.ANSWER,
    by="A. Chandler Jr.",
    opening="No, and Snow said so himself.",
    standing=CITED_WITH_PAGE,
)
NAMELESS = replace(BROAD_ST, by=None, posted_at=None, title="The “handle” that wasn't", part=Part.THREAD)
UNTITLED = replace(ANSWER, title="", part=Part.REPLY, opening="", standing=None, posted_at=None)

# Written from the rules of the styles; see archive/domain/citing/styles.py for where they are.
EXPECTED = {
    Style.NOTES: (
        (
            "wharfinger_june, “Did taking the handle off the Broad St pump end the cholera of 1854?,” "
            f"Asked of History, March 9, 2019, archived in Footnote, accessed November 22, 2026, {URL}."
        ),
        (
            "A. Chandler Jr., answer to “Did taking the handle off the Broad St pump end the cholera "
            "of 1854?,” Asked of History, March 9, 2019, archived in Footnote, accessed November 22, 2026, "
            f"{URL} (tagged “Cited, with page” on May 3, 2026; not checked)."
        ),
        (
            "“The ‘handle’ that wasn't,” Asked of History, n.d., archived in Footnote, accessed November 22, 2026, "
            f"{URL}."
        ),
        (
            "A. Chandler Jr., [Reply in a thread without a title], Asked of History, n.d., archived in Footnote, "
            f"accessed November 22, 2026, {URL}."
        ),
    ),
    Style.AUTHOR_DATE: (
        (
            "wharfinger_june. 2019. “Did taking the handle off the Broad St pump end the cholera of 1854?” "
            f"Asked of History, March 9, 2019. Archived in Footnote. Accessed November 22, 2026. {URL}."
        ),
        (
            "A. Chandler Jr. 2019. Answer to “Did taking the handle off the Broad St pump end the cholera "
            "of 1854?” Asked of History, March 9, 2019. Archived in Footnote. Accessed November 22, 2026. "
            f"{URL}. Tagged “Cited, with page” on May 3, 2026; not checked."
        ),
        (
            "“The ‘handle’ that wasn't.” n.d. Asked of History. Archived in Footnote. Accessed November 22, 2026. "
            f"{URL}."
        ),
        (
            "A. Chandler Jr. n.d. [Reply in a thread without a title]. Asked of History. Archived in Footnote. "
            f"Accessed November 22, 2026. {URL}."
        ),
    ),
    Style.MLA: (
        (
            "wharfinger_june. “Did taking the handle off the Broad St pump end the cholera of 1854?” "
            f"Asked of History, 9 Mar. 2019. Footnote, {URL}. Accessed 22 Nov. 2026."
        ),
        (
            "A. Chandler Jr. Answer to “Did taking the handle off the Broad St pump end the cholera "
            f"of 1854?” Asked of History, 9 Mar. 2019. Footnote, {URL}. Accessed 22 Nov. 2026. Tagged “Cited, "
            "with page” on 3 May 2026; not checked."
        ),
        f"“The ‘handle’ that wasn't.” Asked of History, n.d. Footnote, {URL}. Accessed 22 Nov. 2026.",
        (
            "A. Chandler Jr. Reply in a thread without a title. Asked of History, n.d. Footnote, "
            f"{URL}. Accessed 22 Nov. 2026."
        ),
    ),
    Style.APA: (
        (
            "wharfinger_june. (2019, March 9). Did taking the handle off the Broad St pump end the cholera of "
            f"1854? [Online forum post]. Asked of History; Footnote. Retrieved November 22, 2026, from {URL}"
        ),
        (
            "A. Chandler Jr. (2019, March 9). No, and Snow said so himself. [Answer to the online forum post “Did "
            "taking the handle off the Broad St pump end the cholera of 1854?”]. Asked of History; Footnote. "
            f"Retrieved November 22, 2026, from {URL} [Tagged “Cited, with page” on May 3, 2026; not checked]"
        ),
        (
            "The ‘handle’ that wasn't [Online forum thread]. (n.d.). Asked of History; Footnote. Retrieved "
            f"November 22, 2026, from {URL}"
        ),
        (
            "A. Chandler Jr. (n.d.). [Reply in a thread without a title]. Asked of History; Footnote. Retrieved "
            f"November 22, 2026, from {URL}"
        ),
    ),
    Style.HARVARD: (
        (
            "wharfinger_june (2019) ‘Did taking the handle off the Broad St pump end the cholera of 1854?’, "
            f"Asked of History, 9 March. Archived in Footnote. Available at: {URL} (Accessed: 22 November 2026)."
        ),
        (
            "A. Chandler Jr. (2019) Answer to ‘Did taking the handle off the Broad St pump end the cholera "
            f"of 1854?’, Asked of History, 9 March. Archived in Footnote. Available at: {URL} (Accessed: 22 "
            "November 2026). Tagged ‘Cited, with page’ on 3 May 2026; not checked."
        ),
        (
            f"‘The “handle” that wasn't’ (n.d.) Asked of History. Archived in Footnote. Available at: {URL} "
            "(Accessed: 22 November 2026)."
        ),
        (
            "A. Chandler Jr. (n.d.) [Reply in a thread without a title], Asked of History. Archived in Footnote. "
            f"Available at: {URL} (Accessed: 22 November 2026)."
        ),
    ),
}


@pytest.mark.parametrize("style", Style)
def test_each_style_cites_by_its_rules(style: Style) -> None:
    cited = (BROAD_ST, ANSWER, NAMELESS, UNTITLED)
    assert tuple(plain(citation(one, style)) for one in cited) == EXPECTED[style]


def test_what_stands_for_a_whole_is_slanted() -> None:
    assert [run.text for run in citation(BROAD_ST, Style.MLA) if run.slanted] == ["Asked of History", "Footnote"]
    assert [run.text for run in citation(NAMELESS, Style.APA) if run.slanted] == ["The ‘handle’ that wasn't"]


def test_words_that_look_like_a_pattern_stay_words() -> None:
    odd = replace(BROAD_ST, by="{title} ⟦x⟧ <i>{.}</i>", title="{by}⟧", collection="</i>")
    assert Run("{title} ⟦x⟧ <i>{.}</i>. {by}⟧ [Online forum post]", slanted=False).text in plain(
        citation(odd, Style.APA)
    ).replace(" (2019, March 9).", "")
    assert [run.text for run in citation(odd, Style.MLA) if run.slanted] == ["</i>", "Footnote"]


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Tagged(level=None, at=None, checked=None), "Not yet tagged."),
        (
            replace(CITED_WITH_PAGE, checked="looked up: supports"),
            "Tagged “Cited, with page” on May 3, 2026; looked up: supports.",
        ),
        (
            replace(CITED_WITH_PAGE, level=Level.RECOLLECTED, checked=None, earlier=True),
            "Tagged “From memory” on May 3, 2026, in an earlier text.",
        ),
        (Shared(answers=0, tagged=0, sourced=0), "No answers."),
        (Shared(answers=1, tagged=0, sourced=0), "1 answer, not yet tagged."),
        (Shared(answers=1_200, tagged=3, sourced=2), "1,200 answers, 2 of them sourced."),
        (Shared(answers=2, tagged=1, sourced=0), "2 answers, none of them sourced."),
    ],
)
def test_the_level_on_that_day_is_told(standing: Tagged | Shared, words: str) -> None:
    assert plain(citation(replace(ANSWER, standing=standing), Style.AUTHOR_DATE)).endswith(f"{URL}. {words}")


def test_words_of_a_source_stand_on_one_line() -> None:
    assert one_line(" a\r\nTY  - BOOK\u2028b\x00\x1b[1m \u202ec\ud800 ") == "a TY - BOOK b[1m c"
    assert one_line("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize(
    ("title", "notes", "harvard"),
    [
        ("They cannot all have done it.", "“They cannot all have done it,” ", "‘They cannot all have done it’, "),
        ("What happened in D.C.", "“What happened in D.C.,” ", "‘What happened in D.C.’, "),
        ("And then ...", "“And then ...,” ", "‘And then ...’, "),
        ("Plan B.", "“Plan B.,” ", "‘Plan B.’, "),
    ],
)
def test_a_title_that_is_a_sentence_ends_as_the_style_does(title: str, notes: str, harvard: str) -> None:
    cited = replace(BROAD_ST, title=title)
    assert notes in plain(citation(cited, Style.NOTES))
    assert harvard in plain(citation(cited, Style.HARVARD))
