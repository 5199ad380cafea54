"""The team's pages of agreement."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.domain.source_quality import Level
from archive.store.vault import Vault
from tests.fillings import filling_for
from tests.integration.conftest import Archive
from tests.integration.read_twice import add_vote, read_all, set_rules, write_answers

Moderators = Callable[[str, str], FlaskClient]


def _write(session: Session, vault: Vault) -> None:
    write_answers(Archive(session, vault, vault.folder.parent), 60)


filling = filling_for(archive=_write)


@pytest.fixture
def archive(session: Session, vault: Vault, tmp_path: Path) -> Archive:
    """An archive of sixty answers in one collection."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return Archive(session, vault, folder)


@pytest.fixture
def maud(somebody: Moderators) -> FlaskClient:
    """A moderator with a browser."""
    return somebody("maud", "moderator")


@pytest.fixture
def read(archive: Archive, maud: FlaskClient, somebody: Moderators) -> Archive:
    """All answers are drawn, and maud and =teasel have read them; of every third they think differently."""
    somebody("=teasel", "moderator")
    set_rules(archive, drawn=100)
    readers = [archive.person(name).id for name in ("maud", "=teasel")]
    levels = [(Level.CITED, Level.CITED), (Level.RECOLLECTED, Level.RECOLLECTED), (Level.CITED, Level.ATTRIBUTED)]
    read_all(archive, archive.answers(), readers, levels)
    return archive


def _text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_without_votes_the_page_says_how_to_get_some(archive: Archive, maud: FlaskClient) -> None:
    page = _text(maud.get("/moderation/agreement").text)
    assert "No answer was read independently yet. Figures are shown from 50 answers on" in page
    assert "history None: every answer gets one vote." in page


def test_below_fifty_answers_the_page_says_how_many_there_are(
    archive: Archive, maud: FlaskClient, somebody: Moderators
) -> None:
    somebody("teasel", "moderator")
    set_rules(archive, drawn=100)
    readers = [archive.person(name).id for name in ("maud", "teasel")]
    read_all(archive, archive.answers()[:49], readers, [(Level.CITED, Level.CITED)])
    page = _text(maud.get("/moderation/agreement").text)
    assert "So far 49 answers were read independently. Figures are shown from 50 answers on" in page
    assert "history 100 % of the answers, drawn at random, get two votes." in page
    assert "Alpha by measure" not in page


def test_the_page_has_every_figure_and_a_table_beside_each_plot(read: Archive, maud: FlaskClient) -> None:
    html = maud.get("/moderation/agreement").text
    page = _text(html)
    assert "gave the same level to 40 of 60 answers: 66.7 %." in page
    assert "Nominal, all eight levels any difference counts in full 60 66.7 0.459" in page
    assert re.search(r"Ordinal, on the spine .* 60 66\.7 0\.\d{3} 0\.\d{3} to 0\.\d{3}", page)
    assert "May 2026 29 not shown below 50" in page
    assert "=teasel and maud 60 67 0.46" in page or "maud and =teasel 60 67 0.46" in page
    assert "Version 2 60 67 0.46" in page
    assert "Guess" in page
    assert html.count('role="img"') == 1  # no month has enough for a dot
    assert html.count("<table") == 6
    assert 'aria-describedby="alpha-table"' in html
    assert 'id="alpha-table"' in html


def test_the_table_of_votes_is_shaded_by_share_of_the_row(read: Archive, maud: FlaskClient) -> None:
    row = re.search(
        r'<tr><th scope="row"><span class="level lv-cited">.*?</tr>', maud.get("/moderation/agreement").text, re.S
    )
    assert row is not None
    assert re.findall(r'class="num (\S+)">(\d+)<', row[0])[:3] == [("heat-0", "0"), ("heat-5", "20"), ("heat-4", "20")]
    assert 'class="num sum">40<' in row[0]


def test_a_collection_and_a_version_can_be_chosen(read: Archive, maud: FlaskClient) -> None:
    html = maud.get("/moderation/agreement?collection=history&codebook=2").text
    assert '<option value="history" selected>' in html
    assert '<option value="2" selected>' in html
    assert "So far 0" not in _text(html)
    assert maud.get("/moderation/agreement?collection=nowhere").status_code == 404
    assert maud.get("/moderation/agreement?codebook=x").status_code == 400
    assert "No answer was read independently yet by version 7" in _text(
        maud.get("/moderation/agreement?codebook=7").text
    )


def test_the_figures_can_be_downloaded_and_no_name_is_taken_for_a_formula(read: Archive, maud: FlaskClient) -> None:
    answer = maud.get("/moderation/agreement.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    whole = rows[0]
    assert (whole["table"], whole["answers"], whole["same"]) == ("measure", "60", "40")
    assert float(whole["alpha"]) == pytest.approx(1 - 119 * 40 / 8800, abs=1e-6)
    pair = next(row for row in rows if row["table"] == "pair")
    assert pair["row"] in ("maud and =teasel", "'=teasel and maud")
    assert not any(field.startswith(("=", "+", "@")) for row in rows for field in row.values())
    month = next(row for row in rows if row["table"] == "month")
    assert (month["answers"], month["same"], month["alpha"]) == ("29", "", "")


def test_differences_lead_to_the_answers(read: Archive, maud: FlaskClient) -> None:
    html = maud.get("/moderation/agreement/differences").text
    page = _text(html)
    assert "20 answers, the last read first." in page
    assert f'href="/posts/{read.answer("reader_59").public_id}/tags"' in html
    assert "The 59th ferry of reader went up the river at noon. reader_59 Cited , Attributed, not cited" in page


def test_without_differences_the_page_says_so(archive: Archive, maud: FlaskClient) -> None:
    assert "None to show." in maud.get("/moderation/agreement/differences?collection=history").text


def test_suggestions_on_trial_are_listed_with_what_led_to_them(archive: Archive, maud: FlaskClient) -> None:
    assert "There are no blind votes yet." in maud.get("/moderation/suggestions").text
    told = {"suggestion_engine": "cues-9", "suggested": Level.CITED, "path": "Link"}
    moderator = archive.person("maud").id
    for number, row in enumerate(archive.answers()[:31]):
        add_vote(archive, row, moderator, Level.CITED if number < 9 else Level.UNSOURCED, **told)  # type: ignore[arg-type]
    page = _text(maud.get("/moderation/suggestions").text)
    assert "From 30 votes on, a kind that agreed in less than 40 % is not shown" in page
    assert "cues-9 29 % of 31 blind votes agreed" in page
    assert "Cited Link 31 9 29 16 to 47 % not shown" in page


def test_readers_of_the_collection_are_told_in_one_sentence(read: Archive, client: FlaskClient) -> None:
    page = _text(client.get("/collections/history").text)
    assert re.search(
        r"Moderators who read independently agreed on 67 % of 60 answers, alpha 0\.46 \(0\.\d\d to 0\.\d\d\)\.", page
    )
    set_rules(read, drawn=0)
    assert "independently" not in client.get("/collections/history").text


def test_the_pages_can_be_found_from_the_bench(archive: Archive, maud: FlaskClient) -> None:
    bench = maud.get("/moderation").text
    assert 'href="/moderation/agreement"' in bench
    assert 'href="/moderation/suggestions"' in bench
