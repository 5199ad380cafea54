import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.domain.codebook import MAX_REASON
from archive.domain.shipped_codebook import SHIPPED
from archive.domain.source_quality import Level
from tests.unit.web.moderation.conftest import answers, filling  # noqa: F401 - three published answers

_TEXTAREA = re.compile(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_CHECKED = re.compile(r'<input type="checkbox" name="([^"]+)" value="([^"]*)" checked>')
_SELECTED = re.compile(r'<select [^>]*name="([^"]+)">.*?<option value="([^"]+)" selected>', re.DOTALL)
_REASON = "Recollection begins where a source ends."
Form = dict[str, list[str]]


@pytest.fixture
def ada(somebody: Callable[[str, str], FlaskClient]) -> FlaskClient:
    """An admin with a browser."""
    return somebody("ada", "admin")


def _form(page: str) -> Form:
    """The form of the codebook as a browser would send it back."""
    form: Form = {}
    inside = page.partition('action="/codebook/versions"')[2].partition("</form>")[0]
    options = re.findall(r'<select [^>]*name="([^"]+)">\s*<option value="([^"]+)"', inside)
    first = {name: [value] for name, value in options}
    for name, value in [*_TEXTAREA.findall(inside), *_HIDDEN.findall(inside), *_CHECKED.findall(inside)]:
        form.setdefault(name, []).append(unescape(value))
    return {**first, **form, **{name: [value] for name, value in _SELECTED.findall(inside)}}


def _opened(client: FlaskClient, **fields: str) -> Form:
    form = _form(client.get("/codebook/edit").get_data(as_text=True))
    return {**form, **{name.replace("_", "-", 1): [value] for name, value in fields.items()}}


def _save(client: FlaskClient, form: Form, **fields: str) -> TestResponse:
    return client.post("/codebook/versions", data={**form, **fields})


def _edit(client: FlaskClient, **fields: str) -> None:
    saved = _save(client, _opened(client, **{"reason": _REASON, **fields}))
    assert saved.status_code == 303, saved.get_data(as_text=True)


def _page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def _tag(client: FlaskClient, post: str, level: str) -> None:
    page = _page(client, f"/moderation/posts/{post}").partition('id="bench"')[2]
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert client.post(f"/posts/{post}/tags", data={**form, "level": level}).status_code == 303


def test_the_codebook_has_its_levels_questions_cases_and_examples(client: FlaskClient) -> None:
    page = unescape(_page(client, "/codebook"))
    assert "<h1>Codebook, version 2</h1>" in page
    assert "The codebook that the program comes with." in page
    said = [*SHIPPED.meanings.values(), *SHIPPED.questions, *(case.case for case in SHIPPED.cases)]
    assert not [words for words in [*said, *(one.text for one in SHIPPED.examples)] if words not in page]


def test_one_version_has_nothing_to_be_compared_with(client: FlaskClient) -> None:
    assert "Nothing to compare yet" in _page(client, "/codebook/compare")
    assert "There is one version" in _page(client, "/codebook/versions")


def test_the_form_has_the_current_words_and_gives_them_back_unchanged(ada: FlaskClient) -> None:
    form = _opened(ada)
    assert form["version"] == ["2"]
    assert form["meaning-cited"] == [SHIPPED.meanings[Level.CITED]]
    refused = _save(ada, {**form, "reason": ["Nothing at all."]})
    assert refused.status_code == 422
    assert "Nothing is changed" in refused.get_data(as_text=True)


def test_a_saved_edit_is_in_force_and_says_what_it_changed(ada: FlaskClient, client: FlaskClient) -> None:
    saved = _save(ada, _opened(ada, meaning_recollected="Remembered, and said so.", reason=_REASON))
    assert saved.headers["Location"] == "/codebook/compare?old=2&new=3#main"
    page = _page(client, "/codebook")
    assert "<h1>Codebook, version 3</h1>" in page
    assert "Remembered, and said so." in page
    assert _REASON in page
    assert "by an admin" in page
    assert "ada" not in page
    assert "<bdi>ada</bdi>" in _page(ada, "/codebook")
    assert '<ins><span class="vh">[inserted: </span>Remembered' in _page(client, "/codebook/compare?old=2&new=3")


def test_an_earlier_version_keeps_its_words_and_says_that_it_is_earlier(ada: FlaskClient, client: FlaskClient) -> None:
    _edit(ada, meaning_recollected="Remembered, and said so.")
    page = _page(client, "/codebook/versions/2")
    assert SHIPPED.meanings[Level.RECOLLECTED] in page
    assert "Version 3 is in force" in page
    assert "Remembered" not in page
    assert "is in force" not in _page(client, "/codebook/versions/3")
    _page(client, "/codebook/versions/4", 404)
    _page(client, "/codebook/compare?old=1&new=3", 404)


def test_the_list_of_versions_has_what_each_changed(ada: FlaskClient, client: FlaskClient) -> None:
    _edit(ada, meaning_recollected="Remembered, and said so.")
    _edit(ada, meaning_cited="To be found.", slip="yes")
    page = _page(client, "/codebook/versions")
    assert [*re.findall(r'href="/codebook/versions/(\d)"', page)] == ["4", "3", "2"]
    assert re.search(r"to be looked at again: <span class=\"level lv-recollected\"", page)
    assert page.count("No tag is to be looked at again for it.") == 1


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"meaning_cited": ""}, "meaning-cited", "“Cited” has no meaning."),
        ({"outcome_0": ""}, "outcome-0", "Case 1 has no outcome."),
        ({"reason": " "}, "reason", "Say what you changed"),
        ({"reason": "x" * (MAX_REASON + 1)}, "reason", "at most 500 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(
    ada: FlaskClient, fields: dict[str, str], field: str, sentence: str
) -> None:
    form = _opened(ada, **{"meaning_conjecture": "<b>Typed</b> & kept", "reason": _REASON, **fields})
    refused = _save(ada, form)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert f'<a href="#{field}">' in page
    assert sentence in page
    assert re.search(rf'id="{field}"[^>]* aria-invalid="true"', page)
    assert {**form, "reason": [form["reason"][0].strip()]} == {**_form(page), "csrf_token": form["csrf_token"]}
    assert "version 2" in _page(ada, "/codebook")


def test_a_case_is_added_with_its_levels_and_removed_when_its_fields_are_emptied(ada: FlaskClient) -> None:
    number = len(SHIPPED.cases)
    new = {f"case_{number}": "It points to a map", f"outcome_{number}": "Cited."}
    form = _opened(ada, reason=_REASON, case_0="", outcome_0="", **new)
    assert _save(ada, {**form, f"levels-{number}": ["cited", "pinpoint", "nonsense"]}).status_code == 303
    page = _page(ada, "/codebook")
    assert "It points to a map" in page
    assert SHIPPED.cases[0].case not in unescape(page)
    form = _opened(ada)
    assert form["case-0"] == [SHIPPED.cases[1].case]
    assert form[f"levels-{number - 1}"] == ["pinpoint", "cited"]


def test_an_example_is_added_and_defines_nothing(ada: FlaskClient, client: FlaskClient) -> None:
    number = len(SHIPPED.examples)
    new = {f"example_{number}": "Ask my aunt.", f"why_{number}": "No claim.", f"level_{number}": "not_answer"}
    _edit(ada, **new)
    assert "Ask my aunt." in _page(client, "/codebook")
    assert "No tag is to be looked at again for it." in _page(client, "/codebook/versions")


def test_more_rows_and_a_look_save_nothing_and_keep_what_was_typed(ada: FlaskClient, answers: list[str]) -> None:  # noqa: F811
    _tag(ada, answers[0], "recollected")
    form = _opened(ada, meaning_recollected="Remembered, and said so.")
    more = _save(ada, form, do="rows")
    assert more.status_code == 200
    again = _form(more.get_data(as_text=True))
    assert again["meaning-recollected"] == ["Remembered, and said so."]
    assert f"case-{len(SHIPPED.cases) + 9}" in again
    look = _save(ada, again, do="look")
    page = look.get_data(as_text=True)
    assert look.status_code == 200
    assert "1 change, not saved yet" in page
    assert re.search(r"to be looked at again: <span class=\"level lv-recollected\">.*?From memory</span> 1\.", page)
    assert _form(page)["meaning-recollected"] == ["Remembered, and said so."]
    assert "no tag is to be looked at again" in _save(ada, again, do="look", slip="yes").get_data(as_text=True)
    assert "version 2" in _page(ada, "/codebook")


def test_of_two_edits_of_one_version_the_second_is_kept_beside_the_first(
    ada: FlaskClient, somebody: Callable[[str, str], FlaskClient]
) -> None:
    bob = somebody("bob", "admin")
    late = _opened(bob, meaning_cited="Bob’s words.", meaning_testimony="Bob was there.", reason="Bob’s reason.")
    _edit(ada, meaning_cited="Ada’s words.", meaning_unsourced="Nothing, says Ada.")
    for do in ("look", "save"):
        refused = _save(bob, late, do=do)
        page = refused.get_data(as_text=True)
        assert refused.status_code == 409
        assert "ada saved version 3 of the codebook" in page
        assert "Ada’s words" in page.partition('action="/codebook/versions"')[0]
    form = _form(page)
    assert form["version"] == ["3"]
    assert form["meaning-cited"] == ["Bob’s words."]
    assert form["meaning-testimony"] == ["Bob was there."]
    assert form["meaning-unsourced"] == ["Nothing, says Ada."]
    assert form["reason"] == ["Bob’s reason."]
    assert _save(bob, form).headers["Location"] == "/codebook/compare?old=3&new=4#main"
    now = _page(bob, "/codebook")
    assert "Bob’s words." in now
    assert "Nothing, says Ada." in now


def test_tags_link_to_the_words_that_they_were_given_under(
    ada: FlaskClient,
    maud: FlaskClient,
    answers: list[str],  # noqa: F811
) -> None:
    _tag(maud, answers[0], "recollected")
    _edit(ada, meaning_recollected="Remembered, and said so.")
    address = 'href="/codebook/versions/2#recollected">codebook 2</a>'
    assert address in _page(maud, f"/posts/{answers[0]}/tags")
    thread = maud.get(f"/posts/{answers[0]}").headers["Location"].partition("#")[0]
    assert address in _page(maud, thread)


def test_the_bench_shows_the_words_in_force(ada: FlaskClient, maud: FlaskClient, answers: list[str]) -> None:  # noqa: F811
    _edit(ada, meaning_recollected="Remembered, and said so.")
    page = _page(maud, f"/moderation/posts/{answers[0]}")
    assert "Remembered, and said so." in page
    assert '<a href="/codebook">Codebook 3</a>' in page


def test_tags_given_under_other_words_wait_until_they_are_given_again(
    ada: FlaskClient,
    maud: FlaskClient,
    answers: list[str],  # noqa: F811
) -> None:
    _tag(maud, answers[0], "recollected")
    assert "No edit has changed what a level means" in _page(maud, "/codebook/revisit")
    assert "/codebook/revisit" not in _page(maud, "/moderation")
    _edit(ada, meaning_recollected="Remembered, and said so.")
    assert "1 tag in force was given under another definition" in _page(maud, "/codebook/compare")
    assert "/codebook/revisit" in _page(maud, "/moderation")
    page = _page(maud, "/codebook/revisit")
    assert f'href="/moderation/posts/{answers[0]}"' in page
    assert _REASON in page
    assert f'href="/moderation/posts/{answers[0]}"' in _page(maud, "/codebook/revisit?level=recollected")
    assert "No tag of this level waits." in _page(maud, "/codebook/revisit?level=cited")
    _page(maud, "/codebook/revisit?level=nonsense", 400)
    _tag(maud, answers[0], "recollected")
    assert "Every tag in force was given under the definition" in _page(maud, "/codebook/revisit")


def test_only_admins_edit_and_only_moderators_see_what_waits(
    maud: FlaskClient, ada: FlaskClient, client: FlaskClient
) -> None:
    assert [person.get("/codebook/edit").status_code for person in (client, maud, ada)] == [302, 403, 200]
    assert [person.get("/codebook/revisit").status_code for person in (client, maud, ada)] == [302, 200, 200]
    assert "/codebook/edit" not in _page(client, "/codebook") + _page(maud, "/codebook")
    assert "/codebook/edit" in _page(ada, "/codebook")
    form = _opened(ada, meaning_cited="Forged.", reason="So.")
    assert _save(maud, form).status_code in (400, 403)
    assert "version 2" in _page(client, "/codebook")


@pytest.mark.parametrize("fields", [{"version": "x"}, {"version": ""}, {"level-0": "nonsense"}])
def test_a_form_that_is_none_of_ours_is_refused(ada: FlaskClient, fields: dict[str, str]) -> None:
    assert _save(ada, _opened(ada, reason="So."), **fields).status_code == 400


@pytest.mark.parametrize("number", ["1", "999", str(2**31)])
def test_a_form_of_a_version_that_there_is_not_changes_nothing(ada: FlaskClient, number: str) -> None:
    refused = _save(ada, _opened(ada, meaning_cited="So.", reason="So."), version=number)
    assert refused.status_code in (400, 404)
    assert "version 2" in _page(ada, "/codebook")
