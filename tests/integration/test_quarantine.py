"""What could not be read: repaired and read again, dismissed for a reason, taken back, and imported again."""

import json
from collections import Counter
from collections.abc import Callable

import hypothesis
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from archive.cli.quarantine import quarantine
from archive.domain.batch import Balance, BatchStateError
from archive.domain.quarantine import Dismissal, DismissalError
from archive.domain.records import PostKind
from archive.services.ingest import run
from archive.services.ingest.publish import find_batch, publish, roll_back
from archive.services.originals import original_page
from archive.services.quarantine.dismiss import dismiss, take_back, take_back_act
from archive.services.quarantine.items import ItemSettledError, NoSuchItemError
from archive.services.quarantine.reading import StillUnreadableError
from archive.services.quarantine.repair import Repaired, repair
from archive.services.quarantine.units import NotMendableError, UnitText, unit_of
from archive.services.transaction import writing
from archive.services.verify import find_faults
from archive.settings import Settings
from archive.store.batches import Remark, RemarkKind, list_inputs, list_remarks
from archive.store.import_lock import ImportRunningError, import_lock
from archive.store.ledger import read_entries
from archive.store.quarantine import count_mass_dismissals, find_precedents, list_resolutions, repaired_stretch
from tests.integration.conftest import BY, Archive, Content, Imported

Counts = Callable[[Balance], dict[str, int]]

SUBMISSION = {
    "id": "aa1",
    "author": "clio_reads7",
    "title": "Who paid for the dykes of Holland before 1500?",
    "selftext": "",
    "subreddit": "history",
    "created_utc": 1_400_000_000,
}


def comment(name: str, parent: str, body: str) -> str:
    return json.dumps(
        {
            "id": name,
            "link_id": "t3_aa1",
            "parent_id": parent,
            "author": "annalist_1204",
            "body": body,
            "subreddit": "history",
            "created_utc": 1_400_000_100,
        }
    )


def dump(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


WHOLE = comment("c1", "t3_aa1", "The water boards did, out of a levy on every holder of land.")
REPLY = comment("c2", "t1_c1", "Do their account books survive?")
BROKEN = WHOLE.replace('"author": ', '"author" ')
DUMP = dump(json.dumps(SUBMISSION), BROKEN, REPLY)


def quarantined(archive: Archive, batch: int) -> list[int]:
    return [remark.number for remark in list_remarks(archive.session, batch, kind=RemarkKind.QUARANTINED)]


def sheet(archive: Archive, batch: int) -> Balance:
    archive.session.rollback()
    found = find_batch(archive.session, batch).sheet
    assert found.adds_up, found
    return found


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    return [*find_faults(archive.session, archive.vault, say=lambda _: None)]


def mend(archive: Archive, batch: int, number: int, text: str) -> Repaired:
    return repair(archive.session, archive.vault, batch, number, text=text, by=BY)


def unit(archive: Archive, batch: int, number: int) -> UnitText:
    return unit_of(archive.session, archive.vault, archive.session.get_one(Remark, (batch, number)))


def broken(archive: Archive, files: dict[str, Content] | None = None, *, public: bool = False) -> tuple[Imported, int]:
    """A batch with one stretch in quarantine, and its number."""
    imported = archive.import_(files or {"dump.ndjson": DUMP}, public=public)
    (number,) = quarantined(archive, imported.batch)
    return imported, number


def test_a_repaired_line_becomes_a_post_of_its_batch_and_takes_its_place_in_the_thread(
    archive: Archive, counts: Counts
) -> None:
    imported, number = broken(archive)
    assert unit(archive, imported.batch, number).text == BROKEN
    done = mend(archive, imported.batch, number, WHOLE)
    assert counts(done.moved) == {"added": 1, "quarantined": -1}
    assert not done.public
    after = sheet(archive, imported.batch)
    assert counts(after) == {"added": 3}
    assert after.read == imported.balance.read == 3
    assert after.bytes_set_aside == len(BROKEN) + 1
    assert after.bytes_received == len(DUMP) + len(WHOLE) + 1
    question, answer, reply = sorted(archive.posts(), key=lambda row: row.position)
    assert (question.kind, answer.kind, reply.kind) == (PostKind.QUESTION, PostKind.ANSWER, PostKind.REPLY)
    assert (answer.depth, reply.depth) == (1, 2)
    assert faults(archive) == []


def test_a_repair_is_an_original_of_its_own_that_points_to_what_it_mends(archive: Archive) -> None:
    imported, number = broken(archive)
    mend(archive, imported.batch, number, WHOLE)
    start = DUMP.index(BROKEN)
    received, repaired = list_inputs(archive.session, imported.batch)
    assert repaired.name == f"repair of dump.ndjson, bytes {start}–{start + len(BROKEN) + 1}, by command line"
    assert repaired.repairs == number
    with archive.vault.open(repaired.original) as file:
        assert file.read() == f"{WHOLE}\n".encode()
    with archive.vault.open(received.original) as file:
        assert file.read() == DUMP.encode()
    (answer,) = archive.posts(kind=PostKind.ANSWER)
    page = original_page(archive.session, archive.vault, answer.public_id, revision=None, drafts=True, around=True)
    assert page.sha256 == repaired.original
    assert page.mends is not None
    assert (page.mends.original, page.mends.offset, page.mends.length) == (
        received.original,
        start,
        len(BROKEN) + 1,
    )


def test_readers_are_told_of_no_draft_that_a_repair_mends_too(archive: Archive) -> None:
    draft, number = broken(archive, {"secret.ndjson": DUMP})
    mend(archive, draft.batch, number, WHOLE)
    (repaired,) = [row.original for row in list_inputs(archive.session, draft.batch) if row.repairs is not None]
    assert repaired_stretch(archive.session, repaired, drafts=True) is not None
    assert repaired_stretch(archive.session, repaired, drafts=False) is None
    archive.import_({"dump.ndjson": DUMP}, public=True)
    (answer,) = archive.answers()
    for drafts in (False, True):
        page = original_page(
            archive.session, archive.vault, answer.public_id, revision=None, drafts=drafts, around=False
        )
        assert page.mends is not None
        assert page.mends.name.endswith("dump.ndjson")
        assert "secret" not in page.mends.name


def test_what_still_cannot_be_read_says_why_and_writes_nothing(archive: Archive) -> None:
    imported, number = broken(archive)
    held = [*archive.vault.hashes()]
    entries = len([*read_entries(archive.session)])
    for text, why in ((BROKEN, "not JSON"), ("", "no post"), ('{"id": "c1"}', "cannot be read")):
        with pytest.raises(StillUnreadableError, match=why):
            mend(archive, imported.batch, number, text)
    assert sheet(archive, imported.batch) == imported.balance
    assert [*archive.vault.hashes()] == held
    assert len([*read_entries(archive.session)]) == entries
    assert unit(archive, imported.batch, number).text == BROKEN


def test_a_repair_in_a_published_batch_is_public_at_once_and_leaves_with_it(archive: Archive) -> None:
    imported, number = broken(archive, public=True)
    assert archive.answers() == []
    assert mend(archive, imported.batch, number, WHOLE).public
    assert archive.answer("annalist_1204").text.startswith("The water boards did")
    assert faults(archive) == []
    roll_back(archive.session, imported.batch, reason="", by=BY)
    assert archive.posts(drafts=False) == []
    assert archive.posts() == []
    assert faults(archive) == []


def test_a_repair_in_a_draft_is_public_with_its_batch_and_not_before(archive: Archive) -> None:
    imported, number = broken(archive)
    mend(archive, imported.batch, number, WHOLE)
    assert archive.posts(drafts=False) == []
    publish(archive.session, imported.batch, by=BY)
    assert len(archive.posts(drafts=False)) == 3
    assert faults(archive) == []


def again_in_another_delivery(archive: Archive) -> dict[str, Content]:
    return {"other.txt": "What is a levy?\n\nby clio_reads7\n\nI cannot find it.\n", "dump.ndjson": DUMP}


AGAIN: dict[str, Callable[[Archive], dict[str, Content]]] = {
    "the same delivery": lambda _: {"dump.ndjson": DUMP},
    "the same file beside another": again_in_another_delivery,
}


@pytest.mark.parametrize("again", AGAIN)
@pytest.mark.parametrize("rolled_back", [False, True], ids=["standing", "rolled back"])
def test_the_same_file_again_is_repaired_as_it_was(archive: Archive, again: str, rolled_back: bool) -> None:
    imported, number = broken(archive)
    mend(archive, imported.batch, number, WHOLE)
    posts = {(row.public_id, row.text) for row in archive.posts()}
    if rolled_back:
        roll_back(archive.session, imported.batch, reason="", by=BY)
    second = archive.import_(AGAIN[again](archive))
    assert second.balance.quarantined == 0
    mine = second.balance.added if rolled_back else second.balance.unchanged
    assert mine >= 3
    assert second.balance.duplicate == second.balance.changed == 0
    assert posts <= {(row.public_id, row.text) for row in archive.posts()}
    assert len([row for row in archive.posts() if row.byline == "annalist_1204"]) == 2
    assert faults(archive) == []
    third = archive.import_(AGAIN[again](archive))
    assert (third.balance.quarantined, third.balance.added, third.balance.changed) == (0, 0, 0)
    assert faults(archive) == []


@pytest.mark.database("sqlite")
def test_what_was_done_before_is_looked_up_by_an_index(archive: Archive) -> None:
    imported, _ = broken(archive)
    asked: list[str] = []

    def listen(_: object, __: object, statement: str, parameters: tuple[object, ...], *___: object) -> None:
        if "AS remark_1" in statement and not statement.startswith("EXPLAIN"):
            asked.append(statement)
            plan = archive.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            asked.extend(str(row) for row in plan)

    engine = archive.session.get_bind().engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        find_precedents(archive.session, imported.batch)
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert any("remark_1 USING INDEX ix_remark_quarantined" in line for line in asked), asked


def test_importing_again_brings_back_what_was_taken_back_as_unread(archive: Archive) -> None:
    first, number = broken(archive)
    mend(archive, first.batch, number, WHOLE)
    second = archive.import_({"dump.ndjson": DUMP})
    assert take_back(archive.session, archive.vault, second.batch, [number], by=BY) == 1
    third = archive.import_(again_in_another_delivery(archive))
    assert third.balance.quarantined == 1
    assert faults(archive) == []


@pytest.mark.parametrize("public", [False, True], ids=["a draft", "published"])
def test_a_repair_that_is_taken_back_leaves_the_batch_as_it_was(archive: Archive, public: bool) -> None:
    imported, number = broken(archive, public=public)
    shown = [(row.public_id, row.text) for row in archive.posts(drafts=False)]
    for _ in range(2):
        mend(archive, imported.batch, number, WHOLE)
        take_back(archive.session, archive.vault, imported.batch, [number], by=BY)
        assert sheet(archive, imported.batch) == imported.balance
        assert [(row.public_id, row.text) for row in archive.posts(drafts=False)] == shown
        assert len(archive.posts()) == 2
        assert faults(archive) == []
    mend(archive, imported.batch, number, WHOLE)
    assert len(archive.posts(drafts=not public)) == 3


def test_what_is_repaired_or_dismissed_is_so_once(archive: Archive) -> None:
    imported, number = broken(archive)
    mend(archive, imported.batch, number, WHOLE)
    with pytest.raises(ItemSettledError):
        mend(archive, imported.batch, number, WHOLE)
    with pytest.raises(ItemSettledError):
        dismiss(archive.session, imported.batch, [number], reason=Dismissal.DAMAGED, words="", by=BY)
    take_back(archive.session, archive.vault, imported.batch, [number], by=BY)
    with pytest.raises(ItemSettledError):
        take_back(archive.session, archive.vault, imported.batch, [number], by=BY)
    with pytest.raises(NoSuchItemError):
        mend(archive, imported.batch, 99, WHOLE)


def test_nothing_is_mended_where_a_batch_was_rolled_back(archive: Archive) -> None:
    imported, number = broken(archive)
    roll_back(archive.session, imported.batch, reason="", by=BY)
    with pytest.raises(BatchStateError):
        mend(archive, imported.batch, number, WHOLE)
    with pytest.raises(BatchStateError):
        dismiss(archive.session, imported.batch, [number], reason=Dismissal.DAMAGED, words="", by=BY)


def test_nothing_is_repaired_while_an_import_runs(archive: Archive) -> None:
    imported, number = broken(archive)
    with (
        import_lock(archive.session, archive.vault.folder, what="another"),
        pytest.raises(ImportRunningError),
    ):
        mend(archive, imported.batch, number, WHOLE)


def test_dismissals_are_counted_in_the_ledger_and_taken_back_at_once(archive: Archive, counts: Counts) -> None:
    imported = archive.import_({"dump.ndjson": dump(json.dumps(SUBMISSION), *(["{"] * 5), REPLY)})
    numbers = quarantined(archive, imported.batch)
    act = dismiss(archive.session, imported.batch, numbers[:4], reason=Dismissal.OTHER, words="Cut off.", by=BY)
    assert counts(sheet(archive, imported.batch)) == {"added": 2, "quarantined": 1}
    assert sheet(archive, imported.batch).dismissed == 4
    assert count_mass_dismissals(archive.session, imported.batch, limit=9) == [(act, 4, numbers[0])]
    (entry,) = [entry for entry in read_entries(archive.session) if entry.act == "dismiss"]
    assert entry.number == act
    assert json.loads(entry.detail)["items"] == [[numbers[0], numbers[3]]]
    assert faults(archive) == []
    again = archive.import_({"dump.ndjson": dump(json.dumps(SUBMISSION), *(["{"] * 5), REPLY)})
    assert (again.balance.dismissed, again.balance.quarantined) == (4, 1)
    take_back(archive.session, archive.vault, imported.batch, numbers[:1], by=BY)
    assert take_back_act(archive.session, archive.vault, imported.batch, act, by=BY) == 3
    assert sheet(archive, imported.batch) == imported.balance
    assert faults(archive) == []


def test_a_dismissal_gives_a_reason(archive: Archive) -> None:
    imported, number = broken(archive)
    for words in ("  ", "x" * 501):
        with pytest.raises(DismissalError):
            dismiss(archive.session, imported.batch, [number], reason=Dismissal.OTHER, words=words, by=BY)
    with pytest.raises(ItemSettledError):
        dismiss(archive.session, imported.batch, [], reason=Dismissal.DAMAGED, words="", by=BY)
    assert sheet(archive, imported.batch) == imported.balance


def test_damage_to_what_was_settled_is_found(archive: Archive) -> None:
    imported, number = broken(archive)
    dismiss(archive.session, imported.batch, [number], reason=Dismissal.DAMAGED, words="", by=BY)
    with writing(archive.session):
        for resolution in list_resolutions(archive.session, imported.batch):
            archive.session.delete(resolution)
    (fault,) = faults(archive)
    assert "quarantine is neither, and the ledger says dismissed" in fault


ROW = '<row Id="{}" PostTypeId="{}" ParentId="1" Body="&lt;p&gt;{}&lt;/p&gt;" {}/>\n'
POSTS = "".join(
    (
        '<?xml version="1.0" encoding="utf-8"?>\n<posts>\n',
        '<row Id="1" PostTypeId="1" Title="Who paid?" Body="&lt;p&gt;Of the dykes.&lt;/p&gt;" />\n',
        '<row Id="2" PostTypeId="2" ParentId="1" Body="<p>The water boards.</p>" />\n',
        ROW.format(3, 2, "The counts.", ""),
        "</posts>\n",
    )
)
MAIL = "From a@example.org Thu Jan  1 00:00:0{} 2015\nFrom: {}@example.org\nMessage-ID: <{}@x>\n{}\n{}\n\n"
MAILS = (
    MAIL.format(0, "anna", 1, "Subject: Dykes\n", "Who paid?")
    + MAIL.format(1, "bert", 2, "Subject: Re: Dykes\nReferences: <1@x>\n", "The water boards.")
    + MAIL.format(2, "cleo", 3, "Subject: Re: Dykes\nIn-Reply-To: <2@x>\nX: {}\n", "Their books survive.")
)
THREAD = "Who paid for the dykes?\n\nby clio_reads7\n\nOf Holland.\n\nannalist_1204\n\nThe water boards did.\n"


def test_a_row_of_a_table_is_read_as_a_table_of_its_own(archive: Archive) -> None:
    imported, number = broken(archive, {"Posts.xml": POSTS})
    text = unit(archive, imported.batch, number).text
    assert "The water boards" in text
    mend(archive, imported.batch, number, text.replace("<p>", "&lt;p&gt;").replace("</p>", "&lt;/p&gt;"))
    assert {row.text for row in archive.posts(kind=PostKind.ANSWER)} == {
        "<p>The water boards.</p>",
        "<p>The counts.</p>",
    }
    assert len({row.thread_id for row in archive.posts()}) == 1
    assert faults(archive) == []


def test_a_mail_is_hung_where_the_mail_that_it_answers_is(archive: Archive) -> None:
    imported, number = broken(archive, {"list.mbox": MAILS.replace("X: {}", "X: " + "x" * 110_000)})
    text = unit(archive, imported.batch, number).text
    mend(archive, imported.batch, number, text.replace("x" * 110_000, "x"))
    posts = sorted(archive.posts(), key=lambda row: row.position)
    assert [row.depth for row in posts] == [0, 1, 2]
    assert len({row.thread_id for row in posts}) == 1
    assert faults(archive) == []


def test_a_thread_in_a_line_of_json_is_mended_as_its_line(archive: Archive) -> None:
    lines = [json.dumps({"text": THREAD}), json.dumps({"text": "There is no author here."})]
    imported, number = broken(archive, {"a.jsonl": dump(*lines)})
    assert unit(archive, imported.batch, number).text == lines[1]
    mend(archive, imported.batch, number, json.dumps({"text": THREAD.replace("dykes", "canals")}))
    assert sheet(archive, imported.batch).questions == 2
    assert faults(archive) == []


def test_plain_text_is_mended_as_the_whole_file(archive: Archive) -> None:
    imported, number = broken(archive, {"a.txt": "Café, sans auteur.\r\nRien.\r\n".encode("cp1252")})
    whole = unit(archive, imported.batch, number)
    assert (whole.is_file, whole.text, whole.line_end) == (True, "Café, sans auteur.\nRien.", "\r\n")
    mend(archive, imported.batch, number, THREAD)
    assert sheet(archive, imported.batch).answers == 1
    assert faults(archive) == []


def test_what_was_never_opened_has_to_be_imported_anew(archive: Archive) -> None:
    imported = archive.import_({"a.zip": b"PK\x03\x04 cut off", "b.bin": b"\0\1\2\3" * 100})
    for number in quarantined(archive, imported.batch):
        with pytest.raises(NotMendableError, match="import it anew"):
            unit(archive, imported.batch, number)


def test_what_is_longer_than_a_form_has_to_be_imported_anew(archive: Archive) -> None:
    imported, number = broken(archive, {"dump.ndjson": dump(json.dumps(SUBMISSION), "{" + "x" * 300_000)})
    with pytest.raises(NotMendableError, match="longer than 256 KiB"):
        unit(archive, imported.batch, number)


def test_an_import_that_was_cut_off_takes_over_what_is_left(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    first, number = broken(archive)
    mend(archive, first.batch, number, WHOLE)
    batch = archive.receive(again_in_another_delivery(archive))
    original = run._Run._end

    def cut_off(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run._Run, "_end", cut_off)
    with pytest.raises(run.ImportStoppedError):
        archive.read_in(batch)
    monkeypatch.setattr(run._Run, "_end", original)
    assert counts_of(archive.read_in(batch).balance) == (0, 3)
    assert faults(archive) == []


def counts_of(balance: Balance) -> tuple[int, int]:
    assert balance.adds_up
    return balance.quarantined, balance.unchanged


def test_the_command_lists_what_could_not_be_read(
    archive: Archive, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = archive.import_({"dump.ndjson": dump(json.dumps(SUBMISSION), BROKEN, "[1]")})
    first, second = quarantined(archive, imported.batch)
    dismiss(archive.session, imported.batch, [second], reason=Dismissal.NO_POST, words="", by=BY)
    monkeypatch.setattr("archive.cli.output.load_settings", lambda: settings)
    told = CliRunner().invoke(quarantine, [str(imported.batch)])
    assert told.exit_code == 0
    assert f"{first}  in quarantine  " in told.stdout
    assert f"{second}  dismissed  " in told.stdout
    assert "2 stretches could not be read, 1 of them in quarantine still." in told.stderr
    lines = [json.loads(line) for line in CliRunner().invoke(quarantine, ["1", "--json"]).stdout.splitlines()]
    assert [line["text"] for line in lines] == [f"{BROKEN}\n", "[1]\n"]
    assert [(line["outcome"], line["dismissed_for"]) for line in lines] == [(None, None), ("dismissed", "no_post")]


ACTS = st.lists(
    st.tuples(st.sampled_from(["repair", "repair alike", "dismiss", "take back"]), st.integers(0, 3)), max_size=12
)


@pytest.mark.parametrize("public", [False, True], ids=["a draft", "published"])
def test_the_sheet_adds_up_after_any_repairs_and_dismissals(archive: Archive, public: bool) -> None:
    lines = [comment(f"c{number}", "t3_aa1", f"Answer {number}.")[:-1] for number in range(4)]
    imported = archive.import_({"dump.ndjson": dump(json.dumps(SUBMISSION), *lines)}, public=public)
    numbers = quarantined(archive, imported.batch)

    def act(what: str, place: int) -> None:
        number = numbers[place]
        if what == "dismiss":
            dismiss(archive.session, imported.batch, [number], reason=Dismissal.DAMAGED, words="", by=BY)
        elif what == "take back":
            take_back(archive.session, archive.vault, imported.batch, [number], by=BY)
        else:
            mend(archive, imported.batch, number, lines[place if what == "repair" else 0] + "}")

    @given(ACTS)
    @hypothesis.settings(max_examples=12)
    def check(acts: list[tuple[str, int]]) -> None:
        stands: dict[int, str] = {}
        for what, place in acts:
            if (what == "take back") is (place in stands):
                act(what, place)
                stands = {**stands, place: what} if what != "take back" else without(stands, place)
            else:
                with pytest.raises(ItemSettledError):
                    act(what, place)
            after = sheet(archive, imported.batch)
            kinds = Counter(stands.values())
            assert (after.quarantined, after.dismissed) == (4 - len(stands), kinds["dismiss"])
            assert after.read == imported.balance.read
            assert after.bytes_set_aside == imported.balance.bytes_set_aside
            brought = {0 if what == "repair alike" else place for place, what in stands.items() if what != "dismiss"}
            assert len(archive.posts(drafts=not public)) == 1 + len(brought)
        assert faults(archive) == []
        for place in stands:
            act("take back", place)
        assert sheet(archive, imported.batch) == imported.balance

    check()


def without(stands: dict[int, str], place: int) -> dict[int, str]:
    return {other: what for other, what in stands.items() if other != place}
