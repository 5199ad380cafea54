"""The notes of an answer: where they stand, and what is copied with the words before their marks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from archive.domain.source_quality import Level
from archive.services.bench.cast import Said, Sight, cast
from archive.services.browse import visible_post
from archive.services.post_views import post_views
from archive.store.vault import Vault
from tests.browser.threads import publish_thread

_SENECA = "Seneca says so: De tranquillitate animi 9.5. Also Gellius, Noctes Atticae 7.17, and Plutarch, Caesar 49."
_THREAD = "Who burnt the books of Alexandria, and when was it?\n\nby asker\nanswerer\n\n"
_WORDS = ("De tranquillitate animi 9.5", "animi 9.5", "Noctes Atticae 7.17", "Plutarch, Caesar 49")


@pytest.fixture
def tagged(session: Session, vault: Vault, make_user: Callable) -> Callable[[str], str]:
    """Publish a thread with one answer and tag it; the address of its page."""

    def tagged(text: str) -> str:
        (answer,) = publish_thread(session, vault, _THREAD + text)
        (post,) = post_views(session, [visible_post(session, answer, drafts=False)], drafts=False)
        cast(
            session,
            post=answer,
            revision_id=post.revision_id,
            version=0,
            said=Said(
                level=Level.PINPOINT,
                evidence=[(post.text.index(words), post.text.index(words) + len(words)) for words in _WORDS],
                seen=Sight.SUGGESTION,
            ),
            moderator=make_user("maud", "moderator"),
        )
        return f"/posts/{answer}"

    return tagged


def test_the_number_of_a_note_is_not_copied_with_the_reference_before_it(
    page: Page, tagged: Callable[[str], str], tmp_path: Path
) -> None:
    page.goto(tagged(_SENECA))
    page.screenshot(path=tmp_path / "notes.png", full_page=True)
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.answer'))")
    copied = page.evaluate("() => getSelection().toString()")
    assert _SENECA in copied
    first, second = (page.locator(f".answer .ref.m{number}").bounding_box() for number in (1, 2))
    assert first
    assert second
    width = page.locator(".ref.m1").evaluate("el => parseFloat(getComputedStyle(el).paddingInlineEnd)")
    assert second["x"] + width - (first["x"] + first["width"] - width) >= 3  # px between the two figures


@pytest.mark.parametrize("text", [_SENECA, "It is told in many books. " * 120 + "\n\n" + _SENECA])
@pytest.mark.parametrize("width", [1024, 1280])
def test_no_note_runs_over_the_foot_of_the_page(
    page: Page, tagged: Callable[[str], str], tmp_path: Path, text: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(tagged(text))
    page.screenshot(path=tmp_path / "foot.png", full_page=True)
    notes = [note.bounding_box() for note in page.locator(".notes li").all()]
    foot = page.locator(".foot").bounding_box()
    assert foot
    assert len(notes) == len(_WORDS)
    assert max(note["y"] + note["height"] for note in notes if note) <= foot["y"]


def test_notes_that_have_room_stand_beside_their_marks(page: Page, tagged: Callable[[str], str]) -> None:
    page.goto(tagged(_SENECA + "\n\n" + "It is told in many books. " * 120))
    mark, note = page.locator(".ref.m1").bounding_box(), page.locator(".notes li").first.bounding_box()
    assert mark
    assert note
    assert abs(mark["y"] - note["y"]) < 40  # px
    assert note["x"] > mark["x"]


def test_what_the_archive_says_of_a_text_does_not_look_like_a_quotation_in_it(page: Page) -> None:
    page.goto("/")
    sides = page.evaluate("""() => {
        const main = document.querySelector("main");
        const prose = `<div class="prose"><blockquote>q</blockquote></div>`;
        main.insertAdjacentHTML("beforeend", `${prose}<p class="revision">r</p>`);
        return ["blockquote", ".revision"].map((which) => {
            const style = getComputedStyle(main.querySelector(which));
            return [style.borderInlineStartWidth, style.paddingInlineStart];
        });
    }""")
    assert sides == [["1px", "20px"], ["0px", "0px"]]
