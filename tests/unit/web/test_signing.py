"""What readers are told of whoever decided: a name, or that it was a moderator, on every page that they may see."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.domain.permissions import Role
from archive.domain.signing import Signature
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import Verdict
from archive.domain.typed_identifier import read_identifier
from archive.services.browse import visible_post
from archive.services.checking.check import check
from archive.services.checking.pages import sources_page
from archive.services.tracing.offer import Offer, accept, offer
from archive.settings import SettingError, Settings, load_settings
from archive.store.users import User, find_user
from archive.store.vault import Vault
from tests.accounts import make_user
from tests.fillings import Master, filling_for
from tests.integration.citing import DREAMER, FORGETFUL, SCHOLAR
from tests.unit.web.citing import publish_league

NAME = "wilhelmina_of_the_bench"


@pytest.fixture
def signature() -> Signature:
    return Signature.ROLE


@pytest.fixture
def settings(settings: Settings, signature: Signature) -> Settings:
    return replace(settings, moderator_names=signature)


def _decide(session: Session, vault: Vault) -> Mapping[str, str]:
    make_user(session, NAME, Role.MODERATOR)
    answers = publish_league(session, vault, NAME)
    wilhelmina = find_user(session, NAME)
    assert wilhelmina is not None
    _look_up(session, answers[SCHOLAR], wilhelmina)
    _supply(session, answers[FORGETFUL], wilhelmina)
    return answers


filling = filling_for(answers=_decide)


@pytest.fixture
def answers(master: Master) -> Mapping[str, str]:
    """Answers that one moderator tagged, a source that she looked up, and a supplied reference that she accepted."""
    return master.made


def _look_up(session: Session, post: str, moderator: User) -> None:
    cited = sources_page(session, post).citations[0].cited
    check(session, post=post, citation=cited.id, seen=0, verdict=Verdict.FOUND, note="", moderator=moderator)


def _supply(session: Session, post: str, moderator: User) -> None:
    work = read_identifier("0-306-40615-2")
    given = Offer(
        citation=None, reference="Memoirs, vol. 1", identifier="0-306-40615-2", locator="", note="", name="", work=work
    )
    trace = offer(session, post=post, given=given, giver=None, seen_as=())
    version = visible_post(session, post, drafts=False).tag_version
    accept(session, trace_id=trace, version=version, level=Level.CITED, moderator=moderator)


def pages(client: FlaskClient, answers: Mapping[str, str]) -> Mapping[str, str]:
    """Pages that tell of decisions, and where they lead."""
    thread = client.get(f"/posts/{answers[SCHOLAR]}").headers["Location"].partition("#")[0]
    works = re.findall(r'href="(/sources/\w{14})"', client.get("/sources").get_data(as_text=True))
    addresses = [thread, *works, *(f"/posts/{post}/tags" for post in answers.values())]
    assert works
    return {address: client.get(address).get_data(as_text=True) for address in addresses}


def test_where_roles_are_shown_no_page_that_readers_see_has_the_name_of_a_moderator(
    client: FlaskClient, answers: Mapping[str, str]
) -> None:
    shown = pages(client, answers)
    assert [address for address, page in shown.items() if NAME in page] == []
    assert sum("a moderator" in page for page in shown.values()) >= 5


def test_moderators_see_one_anothers_names(
    answers: Mapping[str, str], somebody: Callable[[str, str], FlaskClient]
) -> None:
    maud = somebody("maud", "moderator")
    assert NAME in maud.get(f"/posts/{answers[DREAMER]}/tags").get_data(as_text=True)


@pytest.mark.parametrize("signature", [Signature.NAME])
def test_where_names_are_shown_readers_see_who_decided(client: FlaskClient, answers: Mapping[str, str]) -> None:
    shown = pages(client, answers)
    assert sum(NAME in page for page in shown.values()) >= 5


def test_any_other_word_for_what_readers_see_is_refused(tmp_path: Path) -> None:
    variables = {"FOOTNOTE_DATA": str(tmp_path), "FOOTNOTE_MODERATOR_NAMES": "nobody"}
    with pytest.raises(SettingError, match="must be name or role"):
        load_settings(variables)
    assert load_settings(variables | {"FOOTNOTE_MODERATOR_NAMES": "role"}).moderator_names is Signature.ROLE
    assert load_settings({"FOOTNOTE_DATA": str(tmp_path)}).moderator_names is Signature.NAME
