"""Folders and zip archives, hostile ones among them."""

import os
import struct
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from imports import containers
from imports.containers import (
    ContainerError,
    Member,
    MemberError,
    SkippedFile,
    UnreadableFile,
    find_files,
    list_members,
)

THREAD = b"Why?\n\nby ann_1\nbob_2\n\nSo.\n"


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> BytesIO:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    file.seek(0)
    return file


def _refusals(file: BytesIO) -> list[str]:
    return [item.reason for item in list_members(file) if not isinstance(item, Member)]


def test_members_are_read_and_what_is_no_file_is_skipped_with_its_reason() -> None:
    file = _zip({"a.txt": THREAD, "folder/": b"", "folder/b.txt": b"", ".hidden": b"x", "__MACOSX/a": b"x"})
    items = list(list_members(file))
    assert {item.name: b"".join(item.chunks()) for item in items if isinstance(item, Member)} == {
        "a.txt": THREAD,
        "folder/b.txt": b"",
    }
    assert [item.reason for item in items if isinstance(item, SkippedFile)] == [
        "It is a folder.",
        "It is hidden.",
        "It is hidden.",
    ]


def test_a_link_in_an_archive_is_skipped() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("passwords")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert _refusals(file) == ["It is a link, and links are not followed."]


def test_names_that_climb_out_are_only_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (member,) = list_members(_zip({"../../escaped.txt": THREAD}))
    assert isinstance(member, Member)
    assert b"".join(member.chunks()) == THREAD
    assert not list(tmp_path.iterdir())
    assert not (tmp_path.parent.parent / "escaped.txt").exists()


def test_an_archive_in_an_archive_is_not_opened() -> None:
    inner = _zip({"a.txt": THREAD}).getvalue()
    assert _refusals(_zip({"inner.txt": inner})) == [
        "The member is a zip archive; archives within archives are not opened."
    ]


def test_an_encrypted_member_and_an_unread_method_are_refused() -> None:
    raw = bytearray(_zip({"a.txt": THREAD}).getvalue())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert _refusals(BytesIO(bytes(raw))) == ["The member is encrypted."]
    assert _refusals(_zip({"a.txt": THREAD}, zipfile.ZIP_LZMA)) == [
        "The member is packed by a method that is not read here (14)."
    ]


def test_a_member_whose_checksum_is_wrong_is_told_as_damaged() -> None:
    raw = _zip({"a.txt": THREAD * 20_000}, zipfile.ZIP_STORED).getvalue()
    damaged = raw.replace(b"So.", b"No.", 1)
    (member,) = list_members(BytesIO(damaged))
    assert isinstance(member, Member)
    with pytest.raises(MemberError, match="damaged"):
        list(member.chunks())
    short = _zip({"a.txt": THREAD}, zipfile.ZIP_STORED).getvalue().replace(b"So.", b"No.", 1)
    (refused,) = list_members(BytesIO(short))
    assert isinstance(refused, UnreadableFile)


def test_what_is_no_archive_is_refused() -> None:
    for raw in (b"", b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 100, THREAD):
        with pytest.raises(ContainerError):
            list(list_members(BytesIO(raw)))


def test_a_bomb_is_refused_after_64_mib_and_little_memory() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.txt", "w") as member:
        for _ in range(96):
            member.write(b"\n" * 1024 * 1024)
    (bomb,) = list_members(file)
    assert isinstance(bomb, Member)
    tracemalloc.start()
    sizes: list[int] = []
    with pytest.raises(MemberError, match="200 times"):
        sizes.extend(len(chunk) for chunk in bomb.chunks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 32 * 1024 * 1024 < sum(sizes) <= 64 * 1024 * 1024
    assert peak < 8 * 1024 * 1024


def test_a_bomb_in_many_members_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "ZIP_RATIO_FREE_BYTES", 1_000_000)
    members = [
        item for item in list_members(_zip({f"{n}.txt": b"\n" * 900_000 for n in range(4)})) if isinstance(item, Member)
    ]
    assert len(list(members[0].chunks())) == 4
    with pytest.raises(MemberError, match="200 times"):
        list(members[1].chunks())


def test_a_bomb_is_refused_beside_a_large_member_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "ZIP_RATIO_FREE_BYTES", 1_000_000)
    noise, bomb = list_members(_zip({"noise": os.urandom(500_000), "bomb": b"\n" * 5_000_000}))
    assert isinstance(noise, Member)
    assert isinstance(bomb, Member)
    assert list(noise.chunks())
    with pytest.raises(MemberError, match="200 times"):
        list(bomb.chunks())


def test_bombs_in_one_archive_share_what_is_unpacked_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "ZIP_RATIO_FREE_BYTES", 1_000_000)
    bombs = {f"{n}.txt": b"\n" * 1_100_000 for n in range(60)}
    file = _zip({"first.txt": THREAD, **bombs, "last.txt": THREAD})
    first, *members = [item for item in list_members(file) if isinstance(item, Member)]
    assert b"".join(first.chunks()) == THREAD
    sizes: list[int] = []
    reasons: list[str] = []
    for member in members:
        with pytest.raises(MemberError) as refused:
            sizes.extend(len(chunk) for chunk in member.chunks())
        reasons.append(refused.value.reason)
    budget = 1_000_000 + 200 * len(file.getvalue())
    assert sum(sizes) < budget < 60 * 1_000_000
    assert reasons[0] == "The member unpacks to more than 200 times its size."
    assert reasons[-1] == "The archive has unpacked to more than 200 times its size, and no more of it is read."
    assert b"".join(first.chunks()) == THREAD  # what was fine before stays so


def test_neighbours_of_a_bomb_are_read() -> None:
    file = _zip({"a.txt": THREAD, "bomb.txt": b"\n" * (70 * 1024 * 1024), "b.txt": THREAD})
    a, bomb, b = [item for item in list_members(file) if isinstance(item, Member)]
    assert b"".join(a.chunks()) == THREAD
    with pytest.raises(MemberError, match="The member unpacks"):
        list(bomb.chunks())
    assert b"".join(b.chunks()) == THREAD


def test_too_many_members_are_refused() -> None:
    with pytest.raises(ContainerError, match="10,000 members"):
        list(list_members(_zip({f"{n}": b"" for n in range(10_001)})))


def test_a_list_of_members_that_is_too_long_is_refused_unread() -> None:
    padding = b"\0" * (5 * 1024 * 1024)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(padding), 0, 0)
    with pytest.raises(ContainerError, match="list of members is longer"):
        list(list_members(BytesIO(padding + end)))


def test_files_are_found_by_name_and_the_others_told(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.txt", "a.txt", "b/z.txt", "b/y.txt", ".hidden"):
        (tmp_path / name).write_bytes(THREAD)
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    items = list(find_files(tmp_path))
    assert [str(item.relative_to(tmp_path)) for item in items if isinstance(item, Path)] == [
        "a.txt",
        "b/y.txt",
        "b/z.txt",
        "c.txt",
    ]
    assert [(Path(item.name).name, item.reason) for item in items if not isinstance(item, Path)] == [
        (".hidden", "It is hidden."),
        ("loop", "It is a link, and links are not followed."),
        ("pipe", "It is neither a file nor a folder."),
    ]


def test_a_file_that_was_named_is_taken_as_it_is(tmp_path: Path) -> None:
    assert list(find_files(tmp_path / ".named")) == [tmp_path / ".named"]
