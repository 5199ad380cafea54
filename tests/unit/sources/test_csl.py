"""What several references say of one work, joined; and what a list calls it."""

import pytest

from archive.domain.sources import display_title, merged_csl

ELLWOOD = [{"family": "Ellwood", "given": "Marta"}]


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ({"type": "book"}, {"title": "Salt"}, {"type": "book", "title": "Salt"}),
        ({"title": "Salt"}, {"title": ""}, {"title": "Salt"}),
        ({"title": "Salt", "author": []}, {"author": ELLWOOD}, {"title": "Salt", "author": ELLWOOD}),
        ({"type": "document"}, {"type": "book"}, {"type": "book"}),
        ({"type": "book"}, {"type": "document"}, {"type": "book"}),
        ({"type": "book"}, {"type": "thesis"}, {"type": "book"}),
        ({"title": "Salt"}, {"title": "Salt: A History"}, {"title": "Salt: A History"}),
        ({"title": "Salt: A History"}, {"title": "Salt"}, {"title": "Salt: A History"}),
        ({"title": "Salt"}, {"title": "Pepper: A History"}, {"title": "Salt"}),
        ({"author": [{"family": "Ellwood"}]}, {"author": ELLWOOD}, {"author": ELLWOOD}),
        ({"author": ELLWOOD}, {"author": [{"family": "Ellwood"}]}, {"author": ELLWOOD}),
        ({"author": ELLWOOD}, {"author": [{"family": "Brandt", "given": "Ivo Maria"}]}, {"author": ELLWOOD}),
        (
            {"author": ELLWOOD},
            {"author": [*ELLWOOD, {"family": "Brandt"}]},
            {"author": [*ELLWOOD, {"family": "Brandt"}]},
        ),
    ],
)
def test_what_is_known_stays_and_what_is_fuller_takes_its_place(
    old: dict[str, object], new: dict[str, object], merged: dict[str, object]
) -> None:
    before = dict(old), dict(new)
    assert merged_csl(old, new) == merged
    assert (old, new) == before


@pytest.mark.parametrize(
    ("title", "csl"),
    [
        ("Ellwood, Salt and the Crown", {"title": "Salt and the Crown", "author": ELLWOOD}),
        ("Ellwood and Brandt, Salt", {"title": "Salt", "author": [*ELLWOOD, {"family": "Brandt"}]}),
        ("Ellwood et al., Salt", {"title": "Salt", "author": [*ELLWOOD, {"family": "B"}, {"literal": "C"}]}),
        ("Memoirs of Marta Ellwood", {"title": "Memoirs of Marta Ellwood", "author": ELLWOOD}),
        ("Molotov, memoir", {"genre": "memoir", "author": [{"family": "Molotov"}]}),
        ("BBC, The Great War", {"title": "The Great War", "author": [{"literal": "BBC"}]}),
        ("Brandt, The Salt Roads", {"title": "The Salt Roads", "editor": [{"family": "Brandt"}]}),
        ("Ellwood (1987)", {"author": ELLWOOD, "issued": {"date-parts": [[1987]]}}),
        ("Salt tax (Wikipedia)", {"title": "Salt tax", "container-title": "Wikipedia", "type": "entry-encyclopedia"}),
        ("example.org/a", {"type": "webpage", "URL": "https://www.example.org/a"}),
        ("DOI 10.1000/182", {"DOI": "10.1000/182", "URL": "https://doi.org/10.1000/182"}),
        ("ISBN 9780306406157", {"ISBN": "9780306406157"}),
        ("JSTOR 1834457", {"number": "JSTOR 1834457"}),
        ("RGASPI, f. 17 op. 2 d. 577", {"archive": "RGASPI", "archive_location": "f. 17 op. 2 d. 577"}),
        ("f. 17 op. 2 d. 577", {"archive_location": "f. 17 op. 2 d. 577"}),
        ("A work without a name", {"type": "document"}),
        ("A work without a name", {"author": "not a list", "issued": 5}),
    ],
)
def test_a_work_is_called_by_what_is_known_of_it(title: str, csl: dict[str, object]) -> None:
    assert display_title(csl) == title
