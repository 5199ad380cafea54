import re
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.store.import_lock import import_lock
from archive.store.vault import Vault
from tests.conftest import csrf_token

THREAD = """Did Kober or Ventris read Linear B?

by minos_mary
palaeo_pat

Kober did the hard part. The first to say so in print was

Chadwick

and the paper that they signed together came out the year after.

syllabary

Ventris, in 1952. I remember a broadcast.

Knossos

It was excavated by Evans, who never read a word of it.

tholos1953

Chadwick, "The Decipherment of Linear B" (Cambridge 1958), p. 67.
"""


@pytest.fixture
def archivist(client: FlaskClient, make_user: Callable, log_in: Callable) -> FlaskClient:
    """An archivist, logged in."""
    make_user("arno", "archivist")
    log_in(client, "arno")
    return client


@pytest.fixture
def _in_the_foreground(app: Flask, session: Session) -> Iterator[None]:
    """Imports have ended when the request has."""
    app.extensions["jobs"].queue.immediate = True
    app.extensions["jobs"].queue.post_execute()(lambda *_: session.rollback())  # the test's transaction began before
    yield
    app.extensions["jobs"].queue.immediate = False


def _post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client, "/imports"), **fields})


def _receive(client: FlaskClient, **fields: object) -> TestResponse:
    return _post(client, "/imports", **{"collection": "Scripts", "text": THREAD, "markup": "plain", **fields})


def _imported(client: FlaskClient, act: str) -> str:
    """The address of a batch that was received and run."""
    place = _receive(client).headers["Location"].removesuffix("/preview")
    assert _post(client, f"{place}/runs", act=act).status_code == 303
    return place


def _text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_an_empty_archive_says_how_to_begin(archivist: FlaskClient) -> None:
    page = _text(archivist.get("/imports"))
    assert "Nothing has been imported yet" in page
    assert 'href="/imports/new"' in page


def test_an_empty_quarantine_says_so(archivist: FlaskClient) -> None:
    assert "Nothing is in quarantine" in _text(archivist.get("/imports/quarantine"))


def test_pasted_text_leads_to_a_dry_run_that_adds_up(archivist: FlaskClient) -> None:
    answer = _receive(archivist)
    assert answer.status_code == 303
    page = _text(archivist.get(answer.headers["Location"]))
    assert "1 thread: 1 question, " in page
    assert "Posts. It adds up." in page
    assert "Bytes. Every one is accounted for." in page
    assert f'<td class="num">{len(THREAD.encode())}</td>' in page


def test_pasted_text_is_kept_as_it_was_before_the_browser_changed_its_line_ends(
    archivist: FlaskClient, vault: Vault
) -> None:
    from hashlib import sha256

    _receive(archivist, text=THREAD.replace("\n", "\r\n"))
    with vault.open(sha256(THREAD.encode()).hexdigest()) as kept:
        assert kept.read() == THREAD.encode()


def test_several_files_come_in_at_once(archivist: FlaskClient) -> None:
    files = [(BytesIO(THREAD.encode()), "one.txt"), (BytesIO(b"A second question?\n\nby a\nb\n\nYes.\n"), "two.txt")]
    answer = _receive(archivist, text="", files=files)
    assert "Dry run of 2 files" in _text(archivist.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"collection": ""}, "collection"),
        ({"collection": "c" * 81}, "collection"),
        ({"collection": "…"}, "collection"),
        ({"text": "  \n"}, "files"),
        ({"text": "t" * 1_000_001}, "text"),
        ({"format": "wav"}, "format"),
    ],
)
def test_what_cannot_be_received_is_said_at_its_field_and_the_rest_stays(
    archivist: FlaskClient, fields: dict[str, str], field: str
) -> None:
    answer = _receive(archivist, **fields)
    page = _text(answer)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in page
    assert re.search(rf'id="{field}"[^>]*aria-describedby="{field}-error', page)
    if "text" not in fields:
        assert "tholos1953" in page


def test_a_doubtful_line_shows_both_readings_and_the_likelier_is_chosen(archivist: FlaskClient) -> None:
    page = _text(archivist.get(_receive(archivist).headers["Location"]))
    line = page.partition("line 16")[2].partition("</fieldset>")[0]
    assert re.search(r'value="name" checked', line)
    assert 'value="text">' in line
    assert "88 %" in line


def test_a_flipped_line_is_read_the_other_way_and_stays_so(archivist: FlaskClient) -> None:
    place = _receive(archivist).headers["Location"]
    page = _text(archivist.get(place))
    offset = THREAD.index("Knossos")
    assert "4 answers" in page
    readings = {f"reading-0-{offset}": "text", f"was-0-{offset}": "name"}
    again = _post(archivist, place.replace("preview", "corrections"), **readings)
    assert again.status_code == 303
    page = _text(archivist.get(place))
    assert "3 answers" in page
    assert "your choice" in page


@pytest.mark.usefixtures("_in_the_foreground")
def test_a_line_flipped_at_the_last_moment_counts_too(archivist: FlaskClient) -> None:
    place = _receive(archivist).headers["Location"].removesuffix("/preview")
    offset = THREAD.index("Knossos")
    _post(archivist, f"{place}/runs", act="draft", **{f"reading-0-{offset}": "text", f"was-0-{offset}": "name"})
    assert "1 question, 3 answers" in _text(archivist.get(place))


@pytest.mark.usefixtures("_in_the_foreground")
def test_a_draft_is_seen_by_archivists_only_until_it_is_published(app: Flask, archivist: FlaskClient) -> None:
    place = _imported(archivist, "draft")
    reader = app.test_client()
    assert "A draft." in _text(archivist.get(place))
    assert "Did Kober" not in _text(reader.get("/"))
    assert _post(archivist, f"{place}/publications").status_code == 303
    assert "Published." in _text(archivist.get(place))
    assert "Did Kober" in _text(reader.get("/"))


@pytest.mark.usefixtures("_in_the_foreground")
def test_an_import_can_be_published_in_one_go_and_rolled_back(app: Flask, archivist: FlaskClient) -> None:
    place = _imported(archivist, "publish")
    assert "Did Kober" in _text(app.test_client().get("/"))
    assert _post(archivist, f"{place}/rollbacks", reason="wrong collection").status_code == 303
    assert "Rolled back." in _text(archivist.get(place))
    assert "Did Kober" not in _text(app.test_client().get("/"))


@pytest.mark.usefixtures("_in_the_foreground")
def test_a_rolled_back_batch_lists_its_threads_without_counts(archivist: FlaskClient) -> None:
    place = _imported(archivist, "publish")
    assert "<span>4 answers</span>" in _text(archivist.get(place))
    _post(archivist, f"{place}/rollbacks")
    listed = _text(archivist.get(place)).partition('<ul class="threads">')[2].partition("</ul>")[0]
    assert "Did Kober or Ventris read Linear B?" in listed
    assert "nothing of it is shown" in listed
    assert "answer" not in listed
    assert "href" not in listed


@pytest.mark.usefixtures("_in_the_foreground")
def test_a_draft_says_what_is_new_in_it_and_of_its_threads_what_readers_see(archivist: FlaskClient) -> None:
    first = _text(archivist.get(_imported(archivist, "draft")))
    assert "5 new posts become public at once." in first
    assert "readers see" not in first.partition('<ul class="threads">')[2].partition("</section>")[0]
    _post(archivist, "/imports/1/publications")
    more = THREAD.replace("who never read a word of it", "who read none") + "\nclio_reads7\n\nBoth of them did.\n"
    place = _receive(archivist, text=more).headers["Location"].removesuffix("/preview")
    _post(archivist, f"{place}/runs", act="draft")
    page = _text(archivist.get(place))
    assert "1 new post and 1 changed text become public at once." in page
    thread = page.partition('<ul class="threads">')[2].partition("</section>")[0]
    assert "<span>5 answers</span> <span>of them readers see 4 answers</span>" in thread
    assert "Not yet tagged" not in thread
    _post(archivist, f"{place}/publications")
    thread = _text(archivist.get(place)).partition('<ul class="threads">')[2].partition("</section>")[0]
    assert "readers see" not in thread
    assert "Not yet tagged" in thread


@pytest.mark.usefixtures("_in_the_foreground")
def test_what_is_done_cannot_be_done_again(archivist: FlaskClient) -> None:
    place = _imported(archivist, "publish")
    for act in ("runs", "publications"):
        answer = _post(archivist, f"{place}/{act}")
        assert answer.status_code == 409
        assert "is published" in _text(answer)
    assert archivist.get(f"{place}/preview").headers["Location"] == place
    assert archivist.get(f"{place}/running").headers["Location"] == place


@pytest.mark.usefixtures("_in_the_foreground")
def test_the_same_text_once_more_is_said_to_change_nothing(archivist: FlaskClient) -> None:
    _imported(archivist, "publish")
    page = _text(archivist.get(_receive(archivist).headers["Location"]))
    assert "an import changes nothing" in page


@pytest.mark.usefixtures("_in_the_foreground")
def test_what_brings_nothing_new_is_not_offered_for_publishing(archivist: FlaskClient) -> None:
    _imported(archivist, "publish")
    place = _receive(archivist).headers["Location"]
    assert 'value="publish"' not in _text(archivist.get(place))
    batch = place.removesuffix("/preview")
    _post(archivist, f"{batch}/runs", act="draft")
    page = _text(archivist.get(batch))
    assert "Nothing in it is new to the archive, so there is nothing to publish." in page
    assert "btn-main" not in page
    assert "Publish all the same" in page


@pytest.mark.usefixtures("_in_the_foreground")
def test_a_batch_without_a_post_cannot_be_published_on_its_page(archivist: FlaskClient) -> None:
    place = _receive(archivist, text="What is this?\n").headers["Location"].removesuffix("/preview")
    _post(archivist, f"{place}/runs", act="draft")
    page = _text(archivist.get(place))
    assert "There is no post in it, so there is nothing to publish." in page
    assert "/publications" not in page


@pytest.mark.usefixtures("_in_the_foreground")
def test_the_list_of_batches_has_their_figures(archivist: FlaskClient) -> None:
    _imported(archivist, "publish")
    page = _text(archivist.get("/imports"))
    assert "published" in page
    assert re.search(r'<td class="num">5</td>\s*<td class="num">5</td>', page)


def test_a_batch_of_which_nothing_was_read_has_dashes_for_figures(archivist: FlaskClient) -> None:
    place = _receive(archivist).headers["Location"].removesuffix("/preview")
    for words in ("dry run", "discarded"):
        cells = re.findall(r'<td class="num">(.*?)</td>', _text(archivist.get("/imports")))
        assert words in _text(archivist.get("/imports"))
        assert [re.sub("<[^>]+>", " ", cell).split() for cell in cells] == [["not", "read", "–"]] * 4
        _post(archivist, f"{place}/rollbacks")


def test_a_batch_received_and_not_read_in_waits_to_be_looked_over(archivist: FlaskClient) -> None:
    place = _receive(archivist).headers["Location"].removesuffix("/preview")
    assert f'href="{place}/preview"' in _text(archivist.get(place))


def test_a_dry_run_can_be_discarded(archivist: FlaskClient) -> None:
    place = _receive(archivist).headers["Location"].removesuffix("/preview")
    _post(archivist, f"{place}/rollbacks")
    assert "Discarded." in _text(archivist.get(place))


def test_progress_is_told_in_figures(archivist: FlaskClient) -> None:
    place = _receive(archivist).headers["Location"].removesuffix("/preview")
    figures = archivist.get(f"{place}/progress").get_json()
    assert figures["state"] == "received"
    assert (figures["done_bytes"], figures["all_bytes"]) == (0, len(THREAD.encode()))
    assert "0 % read" in re.sub("<[^>]+>", "", _text(archivist.get(f"{place}/running")))


@pytest.mark.usefixtures("_in_the_foreground")
def test_an_import_that_is_ordered_beside_another_waits_and_says_for_what(
    archivist: FlaskClient, session: Session, vault: Vault
) -> None:
    place = _receive(archivist).headers["Location"].removesuffix("/preview")
    with import_lock(session, vault.folder, what="batch 99"):
        assert _post(archivist, f"{place}/runs", act="draft").status_code == 303
        assert "It waits until another import has ended (batch 99, process" in _text(archivist.get(f"{place}/running"))


def test_what_cannot_be_read_is_in_quarantine_with_place_and_reason(archivist: FlaskClient) -> None:
    answer = _receive(archivist, text="", files=[(BytesIO(b"\x00\x01\x02\xff" * 50), "scan.bin")])
    page = _text(archivist.get(answer.headers["Location"]))
    assert "in quarantine" in page
    assert "scan.bin" in page
    assert "no post in it to import" in page


@pytest.mark.usefixtures("_in_the_foreground")
def test_a_dry_run_names_the_repair_in_the_quarantine_also_where_there_is_no_post_yet(archivist: FlaskClient) -> None:
    whole = THREAD.replace("by minos_mary", "by")
    place = _receive(archivist, text=whole).headers["Location"]
    page = _text(archivist.get(place))
    assert "its quarantine shows the bytes of each, to be repaired there or dismissed" in page
    assert "As a draft, what could not be read can be repaired in its quarantine." in page
    assert 'value="publish"' not in page
    batch = place.removesuffix("/preview")
    _post(archivist, f"{batch}/runs", act="draft")
    assert "Repair or dismiss" in _text(archivist.get(batch))
    assert 'name="text"' in _text(archivist.get(f"{batch}/quarantine/0"))
    _post(archivist, f"{batch}/quarantine/0/repairs", text=THREAD)
    assert "1 question, " in _text(archivist.get(batch))


@pytest.mark.parametrize(
    "path", ["/imports/9999", "/imports/9999/preview", "/imports/9999/running", "/imports/9999/progress"]
)
def test_a_batch_that_there_is_not_is_a_page_that_there_is_not(archivist: FlaskClient, path: str) -> None:
    assert archivist.get(path).status_code == 404


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "0x1"])
def test_a_number_that_no_batch_can_have_is_no_error_of_ours(archivist: FlaskClient, number: str) -> None:
    assert archivist.get(f"/imports/{number}").status_code == 404


def test_names_of_files_are_shown_and_not_obeyed(archivist: FlaskClient) -> None:
    answer = _receive(archivist, text="", files=[(BytesIO(THREAD.encode()), "<img src=x>.txt")])
    page = _text(archivist.get(answer.headers["Location"]))
    assert "<img" not in page
    assert "&lt;img src=x&gt;.txt" in page


def test_a_reason_longer_than_its_field_is_refused(archivist: FlaskClient) -> None:
    place = _receive(archivist).headers["Location"].removesuffix("/preview")
    assert _post(archivist, f"{place}/rollbacks", reason="r" * 2_001).status_code == 400


DUMP = b'{"id": "aa1", "author": "clio", "title": "Who paid for the dykes?", "selftext": "", "subreddit": "history"}\n'


@pytest.mark.usefixtures("_in_the_foreground")
def test_the_format_of_a_dump_is_named_and_it_is_not_called_plain_text(archivist: FlaskClient) -> None:
    files = [(BytesIO(DUMP), "RS_2011-01.ndjson"), (BytesIO(b'{"question": "Why?"}\n'), "unknown.jsonl")]
    place = _receive(archivist, text="", files=files).headers["Location"]
    page = _text(archivist.get(place))
    assert "<span>Reddit dump, a submission or comment in each line</span>" in page
    assert "plain text" not in page
    batch = place.removesuffix("/preview")
    _post(archivist, f"{batch}/runs", act="draft")
    page = _text(archivist.get(batch))
    assert "<td>Reddit dump, a submission or comment in each line</td>" in page
    assert "The format was told by the bytes." in page
    assert "plain text" not in page


@pytest.mark.usefixtures("_in_the_foreground")
def test_how_texts_are_written_is_told_where_an_archivist_said_it(archivist: FlaskClient) -> None:
    files = [(BytesIO(DUMP), "RS_2011-01.ndjson"), (BytesIO(THREAD.encode()), "linear.txt")]
    place = _receive(archivist, text="", files=files, markup="markdown").headers["Location"]
    page = _text(archivist.get(place))
    assert "Plain text, one thread; Reddit dump, a submission or comment in each line" in page
    assert "texts taken as Markdown" in page
    batch = place.removesuffix("/preview")
    assert "told by the bytes." in _text(archivist.get(batch))  # not read in yet, so nobody knows
    _post(archivist, f"{batch}/runs", act="draft")
    assert "told by the bytes, texts taken as Markdown." in _text(archivist.get(batch))
