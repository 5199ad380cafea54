"""Folders of mails as mail programs keep them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.domain.batch import Balance
from archive.store.batches import RemarkKind, list_remarks
from tests.integration.conftest import Archive

Counts = Callable[[Balance], dict[str, int]]


def _mail(number: int, *answers: int) -> str:
    line = f"References: {' '.join(f'<m{above}@example.org>' for above in answers)}\n" if answers else ""
    head = f"From: Ann {number} <a{number}@example.org>\nMessage-ID: <m{number}@example.org>\nSubject: Mordants\n{line}"
    return f"{head}Date: Mon, 2 Mar 2015 10:0{number}:00 +0000\n\nText {number}.\nFrom here on.\n>From there.\n"


@pytest.fixture
def maildir(archive: Archive) -> Path:
    files = {
        "box/cur/1425290400.a.host:2,S": _mail(1),
        "box/cur/1425290401.b.host:2,RS": _mail(2, 1),
        "box/cur/1425290402.c.host:2,DS": _mail(3),
        "box/new/1425290403.d.host": _mail(4, 1, 2),
        "box/tmp/1425290404.e.host": _mail(5)[:60],
        "box/dovecot-uidlist": "3 V1 N9\n1 :1425290400.a.host\n",
        "box/.Sent/cur/1425290405.f.host:2,S": _mail(6),
    }
    archive.write(files)  # type: ignore[arg-type]
    return archive.folder / "box"


def test_the_mails_of_a_maildir_make_threads_and_the_rest_is_left_out(archive: Archive, maildir: Path) -> None:
    imported = archive.import_paths([maildir])
    skipped = list_remarks(archive.session, imported.batch, kind=RemarkKind.SKIPPED)
    assert {(Path(remark.name).name, remark.text) for remark in skipped} == {
        (".Sent", "It is hidden."),
        ("1425290402.c.host:2,DS", "It is a draft, which was never sent."),
        ("dovecot-uidlist", "It lies in a Maildir, and is none of its folders of mails."),
        ("tmp", "Mails in it are not yet delivered."),
    }
    assert (imported.balance.threads, imported.balance.added, imported.balance.skipped) == (1, 3, 4)
    assert {post.byline for post in archive.posts()} == {"Ann 1", "Ann 2", "Ann 4"}


def test_a_mail_is_the_same_whatever_becomes_of_its_flags_and_folder(
    archive: Archive, maildir: Path, counts: Counts
) -> None:
    archive.import_paths([maildir])
    (maildir / "new/1425290403.d.host").rename(maildir / "cur/1425290403.d.host:2,FS")
    (maildir / "cur/1425290400.a.host:2,S").rename(maildir / "cur/1425290400.a.host:2,RS")
    assert counts(archive.import_paths([maildir]).balance) == {"unchanged": 3, "skipped": 4}


def test_folders_that_are_only_called_so_are_no_maildir(archive: Archive) -> None:
    archive.write({"tmp/a:2,D.eml": _mail(1), "new/b.eml": _mail(2)})
    assert archive.import_paths([archive.folder]).balance.added == 2


def test_single_mails_and_both_kinds_of_mbox_hold_the_same_posts(archive: Archive, counts: Counts) -> None:
    """In mboxo “>From there.” is left as it is, in mboxrd it gets another “>”; in both, one is taken off."""
    opening = "From a1@example.org Mon Mar  2 10:01:00 2015\n"
    mboxrd = opening + _mail(1).replace("\n>From", "\n>>From").replace("\nFrom here", "\n>From here") + "\n"
    archive.import_({"a.eml": _mail(1)})
    assert counts(archive.import_({"a.mboxrd": mboxrd}).balance) == {"unchanged": 1}
    mboxo = opening + _mail(1).replace("\nFrom here", "\n>From here") + "\n"
    imported = archive.import_({"a.mboxo": mboxo})
    assert counts(imported.balance) == {"changed": 1}
    (note,) = list_remarks(archive.session, imported.batch, kind=RemarkKind.NOTE)
    assert "Whether the file is mboxo, where the author may have written it, cannot be told." in note.text
