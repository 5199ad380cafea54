"""Identifiers, and what looks like one and is none."""

import pytest

from archive.domain.assessment import assess


def kinds_of(text: str) -> dict[str, str]:
    return {signal.kind: text[signal.start : signal.end] for signal in assess(text).signals}


@pytest.mark.parametrize(
    ("kind", "words", "text"),
    [
        ("url", "https://example.org/a_(b)", "It is at https://example.org/a_(b), near the end."),
        ("url", "www.example.org/salt", "It is at www.example.org/salt."),
        ("url", "https://example.org/x", "Look [here](https://example.org/x)!"),
        ("url", "https://example.org/x", "It is [https://example.org/x](https://example.org/x)."),
        ("url", "https://example.org/x", "It is [this](https://example.org/x)'s aim."),
        ("url", "https://example.org/x", "It is [url=https://example.org/x]this[/url]."),
        ("doi", "10.1000/182", "The handbook (10.1000/182)."),
        ("doi", "10.1016/S0140-6736(05)17903-3", "The trial is 10.1016/S0140-6736(05)17903-3."),
        ("archival", "Papers, Box 12, Folder 3", "It is in the Ellwood Papers, Box 12, Folder 3 there."),
        ("doi", "10.1000/182", "The handbook is 10.1000/182 in the register."),
        ("isbn", "ISBN 0-306-40615-2", "I have the old one, ISBN 0-306-40615-2, on my desk."),
        ("isbn", "ISBN: 978-0-306-40615-7", "The paperback is ISBN: 978-0-306-40615-7."),
        ("isbn", "978-0-306-40615-7", "The paperback, 978-0-306-40615-7, is cheaper."),
        ("issn", "ISSN 0378-5955", "It came out in Hearing Research (ISSN 0378-5955)."),
        ("arxiv", "arXiv:1706.03762", "Compare arXiv:1706.03762 on this."),
        ("arxiv", "arXiv:hep-th/9901001", "The older paper, arXiv:hep-th/9901001, says the same."),
        ("jstor", "JSTOR 1834457", "The review is JSTOR 1834457."),
        ("pmid", "PMID: 12345678", "The trial is PMID: 12345678."),
        ("oclc", "OCLC 1234567", "The only copy is OCLC 1234567."),
        ("archival", "RGASPI f. 17 op. 2 d. 577", "The plenum is in RGASPI f. 17 op. 2 d. 577."),
        ("archival", "f. 558, op. 11, d. 769", "His copy: f. 558, op. 11, d. 769."),
        ("archival", "TNA FO 371/21104", "The cable is TNA FO 371/21104."),
        ("archival", "WO 208/3450", "The report is WO 208/3450, not the printed one."),
        ("archival", "RG 59, Central Files, Box 1432", "The memo is in RG 59, Central Files, Box 1432."),
        ("archival", "Add MS 34567", "The letter is Add MS 34567 in London."),
        ("archival", "Cotton MS Tiberius B 4", "See Cotton MS Tiberius B 4 for that year."),
        ("archival", "BnF, fr. 2643", "The picture is in BnF, fr. 2643."),
        ("archival", "BArch R 43/1234", "The minutes are BArch R 43/1234."),
    ],
)
def test_an_identifier_is_found_with_its_exact_words(kind: str, words: str, text: str) -> None:
    assert kinds_of(text).get(kind) == words


@pytest.mark.parametrize(
    "text",
    [
        "Call 555-0143-9952 after six and ask for the archive.",
        "The T 34/85 outnumbered the Panther by five to one.",
        "It ran from 10.30 to 12.15 on 3/4/1938 and 24/12/1941.",
        "ISBN 0-306-40615-3 has a wrong check digit.",
        "The number 978-0-306-40615-8 has one, too.",
        "ISSN 0378-5956 has one as well.",
        "The company lost 17 of 577 men in 2 days; d. 1937.",
        "WO 12/25 was his shift, CO 11/12 his room, HO 1/220 his scale, KV 2/152 his tank.",
        "He played for FO and was paid 10.50 a week in 1900/01.",
        "Psalm singing was common, and Luke 40 years later the same.",
    ],
)
def test_what_only_looks_like_an_identifier_is_none(text: str) -> None:
    identifiers = {"url", "doi", "isbn", "issn", "arxiv", "jstor", "pmid", "oclc", "archival", "canonical"}
    assert not identifiers & set(kinds_of(text))
