"""Identifiers in a text: the key of each, and what looks like one and is none."""

import pytest

from archive.domain.sources import SourceKind, references_in

KEYS = [
    ("isbn:9780306406157", "ISBN 0-306-40615-2"),
    ("isbn:9780306406157", "ISBN-13: 978-0-306-40615-7"),
    ("isbn:9780306406157", "isbn: 9780306406157"),
    ("isbn:9780306406157", "ISBN 978-0306406157"),
    ("isbn:9780306406157", "ISBN (paperback): 0306406152"),
    ("isbn:9780804429573", "ISBN 080442957x"),
    ("issn:0378-5955", "ISSN 0378-5955"),
    ("issn:2434-561x", "ISSN: 2434561X"),
    ("doi:10.1000/182", "doi:10.1000/182"),
    ("doi:10.1000/182", "DOI: 10.1000/182."),
    ("doi:10.1000/182", "(doi 10.1000/182),"),
    ("doi:10.1016/s0140-6736(05)17903-3", "10.1016/S0140-6736(05)17903-3)"),
    ("doi:10.1000/ab-c", "10.1000/AB-C"),
    ("arxiv:1706.03762", "arXiv:1706.03762v5"),
    ("arxiv:hep-th/9901001", "arXiv:hep-th/9901001"),
    ("jstor:1834457", "JSTOR 1834457"),
    ("pmid:12345678", "PMID: 12345678"),
    ("pmcid:1311997", "PMCID: PMC1311997"),
    ("oclc:1234567", "OCLC ocm01234567"),
    ("archival:rgaspi/17/2/577", "RGASPI f. 17 op. 2 d. 577"),
    ("archival:rgaspi/17/2/577", "RGASPI, fond 17, opis 2, delo 577"),
    ("archival:fond/558/11/769", "f. 558, op. 11, d. 769"),
    ("archival:tna/fo/371/21104", "TNA FO 371/21104"),
    ("archival:tna/fo/371/21104", "PRO, FO 371/21104"),
    ("archival:tna/fo/371/21104", "FO 371/21104"),
    ("archival:tna/adm/1/2", "TNA: ADM 1/2"),
    ("archival:nara/59/central files box 1432", "RG 59, Central Files, Box 1432"),
    ("archival:add ms 34567", "Add. MS 34567"),
    ("archival:add ms 34567", "Additional MS 34567"),
    ("archival:garf/r-9401/2/64", "GARF f. R-9401 op. 2 d. 64"),
    ("archival:nara/165/entry 79 box 123", "RG 165, Entry 79, Box 123"),
    ("archival:ellwood papers box 12 folder 3", "Ellwood Papers, Box 12, Folder 3"),
    ("archival:barch/rh 19 vi 8", "BArch-MA RH 19 VI/8"),
    ("canonical:tac.ann", "Tacitus' Annals (15.44)"),
    ("canonical:suet.nero", "Suetonius, Nero 38"),
    ("canonical:plin.nat", "Pliny the Elder, Natural History 7.2"),
    ("canonical:plut.caes", "Plut. Caes. 66"),
    ("archival:barch/rh 20 6 500", "BArch RH 20-6/500"),
    ("canonical:tac.ann", "Tac. Ann. 15.44"),
    ("canonical:tac.ann", "Tacitus, *Annals* 15.44"),
    ("canonical:hdt", "Herodotus 7.61"),
    ("canonical:hdt", "Hdt. 7.61"),
    ("canonical:xen.anab", "Xenophon, Anabasis 3.3"),
    ("canonical:plat.rep", "Plato, Republic 514a"),
    ("canonical:hom.iliad", "Book XI of Homer's Iliad"),
    ("canonical:hom.iliad", "book 11 of the Iliad"),
    ("canonical:caes.bciv", "Caesar, *Bellum civile* 3.111"),
    ("canonical:caes.bciv", "Caes. BC 3.111"),
    ("canonical:caes.bgal", "Caesar, De bello Gallico 6.13"),
    ("canonical:sen.tranq", "Seneca, De tranquillitate animi 9.5"),
    ("canonical:tranq", "*De tranquillitate animi* 465c"),
    ("canonical:rer-nat", "Isidore, De rerum natura 9.1"),
    ("canonical:bible.gal", "Gal 3:28"),
    ("canonical:bible.gal", "Galatians 3:28"),
    ("canonical:bible.1kgs", "1 Kings 3:16"),
    ("canonical:bible.1kgs", "I Kgs 3:16"),
    ("canonical:bible.john", "John 3:16"),
    ("canonical:quran", "Qur'an 2:256"),
]  # fmt: skip
NONE = [
    "Call 555-0143-9952 or 978-555-0143, ext. 1234, after six.",
    "The T 34/85, the KV 2/152, the Pz. IV 7/3 and the P 26/40 came late.",
    "On 3/4/1938, on 1938-04-03 and from 10.30 to 12.15 on 24/12/1941.",
    "WO 12/25 was his shift, CO 11/12 his room, HO 1/220 his scale.",
    "It is version 10.2/3, and App 2.0 before it.",
    "It cost $10.50 in 1900/01, and Sen. 5.3 was no line of anybody.",
    "They won 3:2, at 12:30, by 7:1; John 3, Mark 2, Luke 0.",
    "James 10:30 and Titus 12:15 were on duty; so was Jude 9:45.",
    "Be there, Mark, 12:30 pm.",
    "Herodotus (484-425 BC), Augustine 354-430 and Plato 428-348 never met.",
    "Livy 2.5 million, Tacitus 3.4 km, Caesar Salad 5.50.",
    "ISBN 0-306-40615-3 and 978-0-306-40615-8 and ISSN 0378-5956 are wrong.",
    "My ORCID is 0000-0002-1825-0097.",
    "JSTOR 1999 was slow, and JSTOR 12 slower.",
    "Serial number 9780306406158, order 0306406153, IBAN DE89 3704 0044 0532 0130 00.",
    "F. 17 people, 2 d. 577 km; f/2.8 at 1/500.",
    "The street calls it Tranq 2.5, and it rots the skin.",
    "The RG 59 was an engine. Its papers, box and all, were lost.",
]


@pytest.mark.parametrize(("key", "words"), KEYS)
def test_a_number_has_one_key_however_it_is_written(key: str, words: str) -> None:
    found = [reference.keys for reference in references_in(f"It is in {words} there.")]
    assert [key in keys for keys in found] == [True]


@pytest.mark.parametrize("text", NONE)
def test_what_only_looks_like_a_number_is_no_work(text: str) -> None:
    assert [reference.keys for reference in references_in(text) if reference.kind is not SourceKind.WORK] == []


def test_a_doi_of_jstor_and_of_arxiv_is_known_by_its_number_there_too() -> None:
    jstor, arxiv = references_in("See 10.2307/1834457 and 10.48550/arXiv.1706.03762 there.")
    assert jstor.keys == ("doi:10.2307/1834457", "jstor:1834457")
    assert arxiv.keys == ("doi:10.48550/arxiv.1706.03762", "arxiv:1706.03762")


@pytest.mark.parametrize(
    ("locator", "words"),
    [
        ("15.44", "Tac. Ann. 15.44"),
        ("3:16", "1 Kings 3:16"),
        ("514a", "Plato, Republic 514a"),
        ("Book XI", "Book XI of Homer's Iliad"),
        ("l. 12", "RGASPI f. 17 op. 2 d. 577, l. 12"),
        ("lines 508-591", "Juvenal's 6th Satire lines 508-591"),
    ],
)
def test_a_passage_is_the_place_in_its_text(locator: str, words: str) -> None:
    text = f"It is in {words} there."
    (reference,) = references_in(text)
    assert reference.locator == locator
    assert reference.locator_span is not None
    assert text[slice(*reference.locator_span)] == locator


def test_a_call_number_names_no_archive_that_the_text_does_not_name() -> None:
    named, nameless = references_in("It is in RGASPI f. 17 op. 2 d. 577 and in f. 558, op. 11, d. 769 there.")
    assert named.csl == {"type": "document", "archive": "RGASPI", "archive_location": "f. 17 op. 2 d. 577"}
    assert nameless.csl == {"type": "document", "archive_location": "f. 558, op. 11, d. 769"}
