"""What the bench's script is answered: what was done, and where to go on, in one go."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from tests.unit.web.moderation.voting import bench, form_of, in_words, next_page, vote

Moderator = Callable[[str], FlaskClient]
SCRIPT = {"X-Footnote-Bench": "script"}


def _tell(client: FlaskClient, path: str, post: str, **fields: object) -> dict[str, object]:
    form = form_of(bench(client, post, served=True))
    answer = client.post(path, data={**form, **fields}, headers=SCRIPT)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    return dict(answer.get_json())


def test_a_vote_is_answered_with_what_was_done_and_the_next_answers(
    moderator: Moderator, answers: list[str], set_rules: Callable[..., None]
) -> None:
    set_rules(showing="blind")
    maud = moderator("maud")
    told = _tell(maud, f"/posts/{answers[0]}/tags", answers[0], level="recollected", collection="scripts")
    onward = [f"{post}?collection=scripts&back={last}&served=yes" for last, post in pairwise(answers)]
    assert [told["to"], *told["then"]] == [f"/moderation/posts/{address}" for address in onward]
    said = "You tagged the answer by palaeo_pat From memory . Next: syllabary , 2 left."
    assert in_words(str(told["status"])) == said
    assert "1 tagged by you today" in str(told["line"])
    assert "You tagged" not in next_page(maud)  # it was said


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/posts/{}/skips", "You passed over the answer by palaeo_pat"),
        ("/posts/{}/left", "You read the answer by palaeo_pat and left it as it is"),
        ("/posts/{}/holds", "You left the answer by palaeo_pat to a colleague"),
        ("/moderation/undo", "There is nothing of yours to take back"),
        ("/moderation/redo", "Nothing was taken back that could be done again"),
    ],
)
def test_every_act_of_the_bench_is_answered_so(moderator: Moderator, answers: list[str], path: str, said: str) -> None:
    told = _tell(moderator("maud"), path.format(answers[0]), answers[0])
    assert said in in_words(str(told["status"]))
    assert "Next: " in in_words(str(told["status"]))


def test_a_vote_that_differs_is_answered_with_the_page_that_shows_the_suggestion(
    moderator: Moderator, answers: list[str]
) -> None:
    told = _tell(moderator("maud"), f"/posts/{answers[0]}/tags", answers[0], level="testimony")
    assert told["to"] == f"/moderation/posts/{answers[0]}/reveal"
    onward = [f"/moderation/posts/{post}?back={last}&served=yes" for last, post in pairwise(answers)]
    assert told["then"] == onward


def test_the_last_answer_leads_to_the_page_that_says_so(moderator: Moderator, answers: list[str]) -> None:
    maud = moderator("maud")
    for post in answers[:2]:
        vote(maud, post, "unsourced")
    told = _tell(maud, f"/posts/{answers[2]}/tags", answers[2], level="pinpoint", collection="scripts")
    assert (told["to"], told["then"]) == ("/moderation/queue?collection=scripts", [])


def test_what_is_refused_is_a_page_for_the_script_too(moderator: Moderator, answers: list[str]) -> None:
    maud, teasel = moderator("maud"), moderator("teasel")
    form = form_of(bench(teasel, answers[0], served=True))
    vote(maud, answers[0], "recollected")
    for fields, status in (({"level": "cited"}, 422), ({"level": "testimony"}, 409), ({"level": "best"}, 400)):
        answer = teasel.post(f"/posts/{answers[0]}/tags", data={**form, **fields}, headers=SCRIPT)
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
        assert 'id="main"' in answer.get_data(as_text=True)
