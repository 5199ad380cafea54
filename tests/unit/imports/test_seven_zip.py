"""7z archives: members come out as they went in, and hostile archives are refused early and with little memory."""

import os
import struct
import subprocess
import sys
import tracemalloc
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports import seven_zip
from imports.containers import ContainerError, Member, MemberError, SkippedFile, UnreadableFile
from imports.seven_zip import list_members
from tests.integration.seven_zips import METHODS, folder_of, number, seven_zipped, with_list
from tests.integration.written import zipped

FIXTURES = Path(__file__).parents[2] / "fixtures" / "imports" / "seven_zip"
MIB = 1024 * 1024
THREAD = b"Why?\n\nby ann_1\n\nbob_2\n\nSo.\n"
TEXTS = {"a.txt": THREAD * 40_000, "b.txt": b"b", "d/\u6b74.txt": THREAD * 3, "empty.txt": b""}
each_method = pytest.mark.parametrize("method", METHODS)
either_way = pytest.mark.parametrize("solid", [True, False], ids=["solid", "apart"])


def items(raw: bytes) -> list[Member | SkippedFile | UnreadableFile]:
    return list(list_members(BytesIO(raw)))


def contents(raw: bytes) -> dict[str, bytes]:
    """What comes out of an archive all of whose members can be read."""
    read: dict[str, bytes] = {}
    for item in items(raw):
        assert isinstance(item, Member), item
        read[item.name] = b"".join(item.chunks())
    return read


def refusals(raw: bytes) -> dict[str, str]:
    """Which members cannot be read, and why."""
    reasons: dict[str, str] = {}
    for item in items(raw):
        if not isinstance(item, Member):
            reasons[item.name] = item.reason
            continue
        try:
            list(item.chunks())
        except MemberError as error:
            reasons[item.name] = error.reason
    return reasons


def refused(raw: bytes) -> str:
    with pytest.raises(ContainerError) as caught:
        items(raw)
    return str(caught.value)


@each_method
@either_way
@pytest.mark.parametrize("packed_list", [True, False], ids=["packed list", "plain list"])
def test_members_come_out_as_they_went_in(method: str, solid: bool, packed_list: bool) -> None:
    assert contents(seven_zipped(TEXTS, method=method, solid=solid, packed_list=packed_list)) == TEXTS


@each_method
@pytest.mark.parametrize("size", range(1, 40, 2))
def test_a_piece_that_ends_where_what_was_read_ends_is_not_the_end(
    method: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seven_zip, "PACKED_PIECE_BYTES", 1)
    monkeypatch.setattr(seven_zip, "ZIP_CHUNK_BYTES", size)
    text = (b"why weld? because. " * 40)[:600]
    assert contents(seven_zipped({"a": text}, method=method, packed_list=False)) == {"a": text}


@pytest.mark.parametrize("name", ["x86_and_lzma2", "lzma", "bzip2", "copy_plain_list"])
def test_archives_of_another_program_are_read(name: str) -> None:
    read = contents((FIXTURES / f"{name}.7z").read_bytes())
    assert [*read] == ["site/Posts.xml", "site/Users.xml", "site/empty.xml"]
    assert b'Title="Why weld?"' in read["site/Posts.xml"]
    assert read["site/Users.xml"].endswith(b"</users>")
    assert read["site/empty.xml"] == b""


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ppmd", "The member is packed by a method that is not read here (PPMd)."),
        ("encrypted", "The member is encrypted."),
    ],
)
def test_members_that_cannot_be_read_are_told_with_the_reason(name: str, reason: str) -> None:
    reasons = refusals((FIXTURES / f"{name}.7z").read_bytes())
    assert reasons == dict.fromkeys(("site/Posts.xml", "site/Users.xml", "site/empty.xml"), reason)


def test_an_encrypted_list_is_told_as_that() -> None:
    raw = (FIXTURES / "encrypted_list.7z").read_bytes()
    assert refused(raw) == "The 7z archive is encrypted, its list of members included."


def test_an_archive_of_nothing_has_no_members() -> None:
    assert items(with_list(b"", b"")) == []
    assert items(seven_zipped({})) == []


def test_folders_links_and_hidden_members_are_skipped_and_the_others_are_read_behind_them() -> None:
    members = {"folder/": b"", ".hidden": b"x" * 99, "link": b"/etc/passwd", "shortcut": b"x", "a.txt": THREAD}
    raw = seven_zipped(members, attributes={"link": 0xA1FF8000, "shortcut": 0x400})
    assert refusals(raw) == {
        "folder": "It is a folder.",
        ".hidden": "It is hidden.",
        "link": "It is a link, and links are not followed.",
        "shortcut": "It is a link, and links are not followed.",
    }
    (member,) = [item for item in items(raw) if isinstance(item, Member)]
    assert b"".join(member.chunks()) == THREAD


@pytest.mark.parametrize("name", ["../../escaped.txt", "/escaped.txt", "C:\\escaped.txt", "a\udc00b.txt"])
def test_names_that_climb_out_are_only_names(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read = contents(seven_zipped({name: THREAD}))
    assert [*read.values()] == [THREAD]
    assert "\udc00" not in "".join(read)
    assert not list(tmp_path.iterdir())


@either_way
def test_an_archive_in_an_archive_is_not_opened(solid: bool) -> None:
    inner = seven_zipped({"a.txt": THREAD})
    raw = seven_zipped({"a.7z": inner, "b.zip": zipped({"a.txt": THREAD}), "c.txt": THREAD}, solid=solid)
    assert refusals(raw) == {
        "a.7z": "The member is a 7z archive; archives within archives are not opened.",
        "b.zip": "The member is a zip archive; archives within archives are not opened.",
    }


@each_method
@either_way
def test_damage_is_told_and_costs_only_what_is_packed_together(method: str, solid: bool) -> None:
    noise = {f"{number}.txt": os.urandom(50_000) for number in range(3)}
    raw = bytearray(seven_zipped(noise, method=method, solid=solid))
    raw[32 + 50_000 + 30_000] ^= 0xFF  # within the second
    reasons = refusals(bytes(raw))
    assert "1.txt" in reasons
    assert all(reason.startswith("The member is damaged: ") for reason in reasons.values())
    assert solid or [*reasons] == ["1.txt"]


def test_a_member_of_another_checksum_is_damaged_and_the_next_is_read() -> None:
    raw = seven_zipped({"a.txt": THREAD, "b.txt": THREAD}, method="no packing")
    assert refusals(raw.replace(b"So.", b"No.", 1)) == {"a.txt": "The member is damaged: its checksum is another."}


def test_an_archive_that_was_cut_off_is_refused_wherever_that_was() -> None:
    raw = seven_zipped(TEXTS)
    for end in {*range(0, len(raw), 7), len(raw) - 1}:
        assert refused(raw[:end]).startswith("The 7z archive cannot be opened:")


@given(place=st.integers(0), bit=st.integers(0, 7), method=st.sampled_from([*METHODS]))
def test_a_flipped_bit_is_found_or_changes_nothing(place: int, bit: int, method: str) -> None:
    small = {"a.txt": THREAD * 5, "b.txt": b"b", "empty.txt": b""}
    raw = bytearray(seven_zipped(small, method=method))
    raw[place % len(raw)] ^= 1 << bit
    try:
        read = contents(bytes(raw))
    except (ContainerError, MemberError):
        return
    assert read == small


@given(header=st.binary(max_size=300), body=st.binary(max_size=50))
def test_nothing_but_a_refusal_comes_of_any_list(header: bytes, body: bytes) -> None:
    with suppress(ContainerError):
        refusals(with_list(body, b"\x01" + header))


@given(data=st.data())
def test_nothing_but_a_refusal_comes_of_a_list_that_was_changed(data: st.DataObject) -> None:
    raw = seven_zipped({"a.txt": THREAD, "b.txt": b"b", "c/": b""}, packed_list=False, attributes={"a.txt": 0x20})
    place, size, _ = struct.unpack("<QQI", raw[12:32])
    header = bytearray(raw[32 + place :])
    for _ in range(data.draw(st.integers(1, 4))):
        header[data.draw(st.integers(0, size - 1))] = data.draw(st.integers(0, 255))
    with suppress(ContainerError):
        refusals(with_list(raw[32 : 32 + place], bytes(header)))


@pytest.mark.parametrize("method", ["LZMA2", "LZMA", "bzip2"])
@either_way
def test_a_bomb_is_refused_after_64_mib_and_little_memory(method: str, solid: bool) -> None:
    raw = seven_zipped({"a.txt": THREAD, "bomb.txt": b"\n" * 96 * MIB, "c.txt": THREAD}, method=method, solid=solid)
    members = [item for item in items(raw) if isinstance(item, Member)]
    assert b"".join(members[0].chunks()) == THREAD
    tracemalloc.start()
    sizes: list[int] = []
    with pytest.raises(MemberError, match="200 times"):
        sizes.extend(len(chunk) for chunk in members[1].chunks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 63 * MIB < sum(sizes) <= 64 * MIB
    assert peak < 8 * MIB
    if solid:
        with pytest.raises(MemberError, match="200 times"):
            list(members[2].chunks())
    else:
        assert b"".join(members[2].chunks()) == THREAD


def test_bombs_in_one_archive_share_what_is_unpacked_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seven_zip, "ZIP_RATIO_FREE_BYTES", 1_000_000)
    monkeypatch.setattr("imports.containers.ZIP_RATIO_FREE_BYTES", 1_000_000)
    raw = seven_zipped({f"{number}.txt": b"\n" * 1_100_000 for number in range(60)}, solid=False)
    reasons = [*refusals(raw).values()]
    assert len(reasons) == 60
    assert "What the member is packed in unpacks to more than 200 times" in reasons[0]
    assert reasons[-1] == "The archive has unpacked to more than 200 times its size, and no more of it is read."


def test_too_many_members_are_refused() -> None:
    assert refused(seven_zipped({f"{number}": b"" for number in range(10_001)})) == (
        "The 7z archive lists more than 10,000 members."
    )
    assert len(items(seven_zipped({f"{number}": b"x" for number in range(10_000)}))) == 10_000


def _packed_list(size: int, properties: bytes) -> bytes:
    """An archive whose list says to have so many bytes, unpacked."""
    coder = folder_of(b"\x21", properties)
    places = b"\x06" + number(0) + number(1) + b"\x09" + number(9) + b"\0"
    return with_list(bytes(9), b"\x17" + places + b"\x07\x0b\x01\0" + coder + b"\x0c" + number(size) + b"\0\0")


def test_a_list_that_is_too_long_is_refused_unread() -> None:
    assert "list of members is longer than" in refused(with_list(b"", bytes(5 * MIB)))
    assert "list of members is longer than" in refused(_packed_list(2**40, bytes([16])))


def test_what_asks_for_much_memory_is_refused_as_that() -> None:
    assert "in a form not known here" in refused(_packed_list(100, bytes([40])))  # 4 GiB
    raw = seven_zipped({"a.txt": THREAD}, packed_list=False).replace(b"\x21\x21\x01\x10", b"\x21\x21\x01\x28")
    place, _, _ = struct.unpack("<QQI", raw[12:32])
    raw = with_list(raw[32 : 32 + place], raw[32 + place :])
    assert refusals(raw) == {"a.txt": "The member asks for more than 256 MiB of memory."}


def test_a_list_that_repeats_itself_is_refused_at_once() -> None:
    many = (b"\x05" + number(10_000) + b"\0") * 400
    assert "in a form not known here" in refused(with_list(b"", b"\x01" + many + b"\0"))


def test_a_place_out_of_all_bounds_is_damage() -> None:
    raw = seven_zipped({"a.txt": THREAD}, packed_list=False)
    place, _, _ = struct.unpack("<QQI", raw[12:32])
    header = raw[32 + place :].replace(b"\x06\x00\x01\x09", b"\x06" + number(2**64 - 1) + b"\x01\x09", 1)
    assert refusals(with_list(raw[32 : 32 + place], header))["a.txt"].startswith("The member is damaged: ")


_MEASURE = """
import sys
from pathlib import Path
from imports.seven_zip import list_members

def peak():  # KiB; the system's own figure takes over that of the process that started this one
    return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))

before, size = peak(), 0
with Path(sys.argv[1]).open("rb") as file:
    for member in list_members(file):
        size += sum(map(len, member.chunks()))
print(size // 2**20, (peak() - before) // 1024)
"""


def test_memory_does_not_grow_with_the_members(tmp_path: Path) -> None:
    path = tmp_path / "a.7z"
    text = b"".join(os.urandom(64) * 32 for _ in range(2048))  # 4 MiB
    path.write_bytes(seven_zipped({f"{number}.txt": text for number in range(20)}))
    run = subprocess.run(
        [sys.executable, "-c", _MEASURE, path],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(seven_zip.__file__).parents[1],
    )
    size, grown = map(int, run.stdout.split())
    assert size == 80
    assert grown < 24


def test_the_checksum_of_the_start_is_looked_at() -> None:
    raw = bytearray(seven_zipped({"a.txt": THREAD}))
    raw[12] ^= 1
    assert refused(bytes(raw)) == "The 7z archive cannot be opened: its list of members is damaged."
