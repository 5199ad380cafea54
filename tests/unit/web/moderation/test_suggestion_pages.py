"""What the bench says of a suggestion: how sure it is, why, and how far such suggestions were right."""

import re
from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.assessment import ENGINE
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.tags import StoredSuggestion
from archive.store.threads import Post, Revision
from archive.store.vault import Vault
from archive.web.moderation.proposed import percent
from tests.conftest import csrf_token

Moderator = Callable[[str], FlaskClient]
Store = Callable[..., None]

GERMAN = """Wer hat Linear B entziffert?

by minos_mary

faehrmann

Die Zeichen wurden von Michael Ventris im Jahre 1952 gelesen, der dabei auf die Arbeiten von Alice Kober zurückgriff.
"""


@pytest.fixture
def answers(answers: list[str], set_rules: Callable[..., None]) -> list[str]:
    """Answers in a collection that shows the suggestion from the start."""
    set_rules(showing="shown")
    return answers


@pytest.fixture
def suggest(session: Session, answers: list[str]) -> Store:
    """Have this be stored as what was suggested for an answer."""

    def suggest(number: int, **fields: object) -> None:
        query = select(Revision).join(Post, Post.id == Revision.post_id).where(Post.public_id == answers[number])
        revision = session.scalars(query).one()
        usual = {"second": Level.CITED, "second_confidence": 0.1, "telling": None, "path": [], "signals": []}
        row = StoredSuggestion(
            revision_id=revision.id, thread_id=revision.thread_id, engine=ENGINE, **{**usual, **fields}
        )
        session.add(row)
        session.commit()

    return suggest


@pytest.fixture
def german(session: Session, vault: Vault, set_rules: Callable[..., None]) -> str:
    """The address of an answer in a language without cues."""
    file = NamedFile("linear.txt", partial(BytesIO, GERMAN.encode()))
    batch = receive_files(session, vault, [file], collection="Schriften", by=Actor.of(None))
    run_batch(session, vault, batch, by=Actor.of(None))
    publish(session, batch, by=Actor.of(None))
    set_rules(showing="shown")
    query = select(Post.public_id).join(Revision, Revision.post_id == Post.id).where(Post.kind == PostKind.ANSWER)
    return session.scalars(query).one()


def _bench(client: FlaskClient, post: str) -> str:
    return client.get(f"/moderation/posts/{post}").get_data(as_text=True)


def _words(page: str, part: str) -> str:
    """The words of a part of the page, on one line."""
    begun = page.partition(part)[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", begun).split())


def test_where_nothing_is_suggested_the_page_says_why_and_every_level_can_be_given(
    moderator: Moderator, german: str
) -> None:
    maud = moderator("maud")
    page = _bench(maud, german)
    assert "Nothing is suggested" in page
    assert "in a language that the program has no cues for" in page
    assert "Keep your vote, or accept what is suggested" in page
    assert "Accept " not in page
    assert 'data-key="Enter"' not in page
    assert page.count('class="keycard') == 8
    assert "suggested</small>" not in page
    assert '<input type="hidden" name="suggested" value="">' in page
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.partition('id="bench"')[2]))
    token = csrf_token(maud, "/moderation")
    tagged = maud.post(f"/posts/{german}/tags", data={**form, "csrf_token": token, "level": "attributed"})
    assert tagged.status_code == 303
    history = maud.get(f"/posts/{german}/tags").get_data(as_text=True)
    assert "Attributed, not cited" in history
    assert "Suggested was" not in history


def test_a_suggestion_says_how_sure_it_is(moderator: Moderator, answers: list[str], suggest: Store) -> None:
    suggest(0, level=Level.RECOLLECTED, confidence=0.784)
    page = _bench(moderator("maud"), answers[0])
    assert _words(page, 'id="reveal-h" tabindex="-1">').startswith("Suggested: From memory 78 % ")


def test_an_unsure_suggestion_names_the_two_likeliest(moderator: Moderator, answers: list[str], suggest: Store) -> None:
    suggest(0, level=Level.ATTRIBUTED, confidence=0.482, second=Level.UNSOURCED, second_confidence=0.311)
    page = _bench(moderator("maud"), answers[0])
    assert _words(page, 'id="reveal-h" tabindex="-1">').startswith(
        "Perhaps Attributed, not cited (48 %), or No source given (31 %) "
    )
    assert re.search(r"Attributed, not cited <small>perhaps</small>", page)
    assert re.search(r"No source given <small>or this</small>", page)


def test_what_is_half_sure_is_suggested_alone(moderator: Moderator, answers: list[str], suggest: Store) -> None:
    suggest(0, level=Level.ATTRIBUTED, confidence=0.5, second=Level.UNSOURCED, second_confidence=0.4)
    page = _bench(moderator("maud"), answers[0])
    assert "Perhaps" not in page
    assert "Next likely: No source given 40 %" in _words(page, 'id="reveal-h" tabindex="-1">')


def test_reasons_have_a_bar_and_a_number_and_what_would_change_it_is_said(
    moderator: Moderator, answers: list[str]
) -> None:
    page = _bench(moderator("maud"), answers[0])
    told = page.partition("What speaks for it")[2].partition("</ul>")[0]
    assert 1 <= told.count("<li") <= 5
    assert re.findall(r'<rect width="(\d+)"', told)[0] == "10"
    numbers = [float(number.replace("−", "-")) for number in re.findall(r'<span class="n">([^<]+)</span>', told)]
    assert [abs(number) for number in numbers] == sorted((abs(number) for number in numbers), reverse=True)
    assert told.count("against it") == sum(number < 0 for number in numbers)
    assert "The work itself, looked up and named would make this “Cited”." in page


def test_the_sentence_that_tells_most_is_marked_and_offered_as_evidence(
    moderator: Moderator, answers: list[str], suggest: Store
) -> None:
    withheld = {"start": 52, "end": 68, "kind": "withheld", "why": "says that it cannot be cited"}
    suggest(0, level=Level.RECOLLECTED, confidence=0.9, telling=[25, 73], signals=[withheld])
    page = _bench(moderator("maud"), answers[0])
    assert re.search(r'<span class="telling" data-at="25">I read her papers once but\s*</span>', page)
    assert re.search(r'<span class="ev telling" data-at="52">', page)
    line = page.partition('id="sig-2"')[2].partition("</li>")[0]
    assert 'value="25-73">' in line  # a signal speaks for the level: not ticked
    assert "Sentence that tells most: “I read her papers once but cannot cite them now.”" in _words(line, "<label>")
    assert '<a class="ref" href="#sig-2"' in page


def test_where_no_signal_speaks_for_the_level_the_sentence_is_ticked(
    moderator: Moderator, answers: list[str], suggest: Store
) -> None:
    suggest(0, level=Level.UNSOURCED, confidence=0.9, telling=[0, 23])
    page = _bench(moderator("maud"), answers[0])
    assert 'value="0-23" checked' in page
    assert '<input type="hidden" name="words-for-unsourced" value="0-23">' in page
    assert 'name="words-for-cited"' not in page


def test_a_sentence_that_is_a_signal_is_listed_once(moderator: Moderator, answers: list[str], suggest: Store) -> None:
    signal = {"start": 0, "end": 23, "kind": "vague", "why": "does not say by whom"}
    suggest(0, level=Level.UNSOURCED, confidence=0.9, telling=[0, 23], signals=[signal])
    page = _bench(moderator("maud"), answers[0])
    assert "Sentence that tells most" not in page
    assert page.count('name="evidence"') == 1


def test_readers_are_told_nothing_of_it(app, moderator: Moderator, answers: list[str], suggest: Store) -> None:
    suggest(0, level=Level.RECOLLECTED, confidence=0.784, telling=[25, 73])
    _bench(moderator("maud"), answers[0])
    reader = app.test_client()
    page = reader.get(reader.get(f"/posts/{answers[0]}").headers["Location"].partition("#")[0]).get_data(as_text=True)
    for words in ("78 %", "telling", "What speaks for it", "blind votes", "such suggestions"):
        assert words not in page


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.004, "under 1 %"), (0.01, "1 %"), (0.48, "48 %"), (0.784, "78 %"), (0.99, "99 %"), (0.996, "over 99 %")],
)
def test_nothing_is_said_to_be_certain(share: float, said: str) -> None:
    assert percent(share) == said
