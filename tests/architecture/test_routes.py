"""Every route, walked as everybody: strangers are refused where they should be, and nobody meets a 500."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from archive.domain.permissions import ANYBODY, Permission, Role, permissions_of
from archive.domain.tokens import ALLOWS, Scope
from archive.services.tokens import make_token
from archive.store.users import User
from archive.web.permissions import declared_permissions

NOBODY = "nobody"
PEOPLE = (NOBODY, *Role)
_ARGUMENTS = {
    "public_id": "0" * 14,
    "slug": "nowhere",
    "sha256": "0" * 64,
    "int": 1,
    "row": 1,
    "string": "nothing",
    "default": "nothing",
    "path": "nothing",
}
# What readers may not do: each endpoint, and what it takes. Whoever opens or closes one says so here.
GUARDED: dict[str, Permission] = {
    "accounts.account": Permission.ACCOUNT,
    "accounts.change_password": Permission.ACCOUNT,
    "accounts.log_out": Permission.ACCOUNT,
    "accounts.make_token": Permission.ACCOUNT,
    "accounts.revoke_token": Permission.ACCOUNT,
    "agreement.download": Permission.MODERATE,
    "agreement.parted": Permission.MODERATE,
    "agreement.show": Permission.MODERATE,
    "agreement.suggestions": Permission.MODERATE,
    "arranging.doubts": Permission.ARRANGE,
    "arranging.leave": Permission.ARRANGE,
    "arranging.move_post": Permission.ARRANGE,
    "arranging.place": Permission.ARRANGE,
    "arranging.put_back": Permission.ARRANGE,
    "arranging.queues": Permission.ARRANGE,
    "bulk.choose": Permission.MODERATE,
    "bulk.marked": Permission.MODERATE,
    "bulk.show": Permission.MODERATE,
    "bulk.tag": Permission.MODERATE,
    "bulk.tag_marked": Permission.MODERATE,
    "bulk.undo": Permission.MODERATE,
    "checking.check": Permission.MODERATE,
    "checking.check_words": Permission.MODERATE,
    "checking.sources": Permission.MODERATE,
    "checking.strike": Permission.MODERATE,
    "checking.strike_form": Permission.MODERATE,
    "collections.about": Permission.IMPORT,
    "collections.change_about": Permission.IMPORT,
    "codebook.edit": Permission.ADMINISTER,
    "codebook.revisit": Permission.MODERATE,
    "codebook.save_version": Permission.ADMINISTER,
    "imports.add_piece": Permission.IMPORT,
    "imports.arrival_progress": Permission.IMPORT,
    "imports.batch": Permission.IMPORT,
    "imports.batches": Permission.IMPORT,
    "imports.begin_upload": Permission.IMPORT,
    "imports.changes": Permission.IMPORT,
    "imports.correct": Permission.IMPORT,
    "imports.discard_arrival": Permission.IMPORT,
    "imports.dry_run": Permission.IMPORT,
    "imports.new": Permission.IMPORT,
    "imports.progress": Permission.IMPORT,
    "imports.publish_batch": Permission.IMPORT,
    "imports.quarantine": Permission.IMPORT,
    "imports.remarks": Permission.IMPORT,
    "imports.receive_upload": Permission.IMPORT,
    "imports.roll_back": Permission.IMPORT,
    "imports.run": Permission.IMPORT,
    "imports.running": Permission.IMPORT,
    "imports.show_arrival": Permission.IMPORT,
    "imports.stop": Permission.IMPORT,
    "imports.try_arrival": Permission.IMPORT,
    "imports.withdraw_upload": Permission.IMPORT,
    "moderation.add_note": Permission.MODERATE,
    "moderation.begin": Permission.MODERATE,
    "moderation.decide": Permission.MODERATE,
    "moderation.disputes": Permission.MODERATE,
    "moderation.hold": Permission.MODERATE,
    "moderation.keep_vote": Permission.MODERATE,
    "moderation.leave": Permission.MODERATE,
    "moderation.one_dispute": Permission.MODERATE,
    "moderation.post": Permission.MODERATE,
    "moderation.mark": Permission.MODERATE,
    "moderation.queue": Permission.MODERATE,
    "moderation.queues": Permission.MODERATE,
    "moderation.redo": Permission.MODERATE,
    "moderation.remove_note": Permission.MODERATE,
    "moderation.reveal": Permission.MODERATE,
    "moderation.skip": Permission.MODERATE,
    "moderation.tag": Permission.MODERATE,
    "moderation.undo": Permission.MODERATE,
    "moderation.undo_tag": Permission.MODERATE,
    "practice.answer": Permission.MODERATE,
    "practice.differences": Permission.MODERATE,
    "practice.give": Permission.MODERATE,
    "practice.practice": Permission.MODERATE,
    "practice.summary": Permission.MODERATE,
    "objections.answering": Permission.MODERATE,
    "objections.keep": Permission.MODERATE,
    "objections.open_again": Permission.MODERATE,
    "objections.queue": Permission.MODERATE,
    "objections.reverse": Permission.MODERATE,
    "quarantine.batch": Permission.IMPORT,
    "quarantine.dismiss_item": Permission.IMPORT,
    "quarantine.dismiss_many": Permission.IMPORT,
    "quarantine.dismissals": Permission.IMPORT,
    "quarantine.item": Permission.IMPORT,
    "quarantine.repair_item": Permission.IMPORT,
    "quarantine.undo_act": Permission.IMPORT,
    "quarantine.undo_item": Permission.IMPORT,
    "originals.download": Permission.SEE_ORIGINALS,
    "rules.change": Permission.ADMINISTER,
    "rules.show": Permission.ADMINISTER,
    "sources.choose": Permission.MODERATE,
    "sources.dismiss": Permission.MODERATE,
    "sources.divide": Permission.MODERATE,
    "sources.doubtful": Permission.MODERATE,
    "sources.merge": Permission.MODERATE,
    "sources.split": Permission.MODERATE,
    "sources.undo": Permission.MODERATE,
    "takedown.confirm": Permission.MODERATE,
    "takedown.decline": Permission.MODERATE,
    "takedown.desk": Permission.MODERATE,
    "takedown.destroy": Permission.ADMINISTER,
    "takedown.lift": Permission.MODERATE,
    "takedown.look": Permission.ADMINISTER,
    "takedown.one": Permission.MODERATE,
    "takedown.propose": Permission.MODERATE,
    "takedown.stay": Permission.MODERATE,
    "tracing.accept": Permission.MODERATE,
    "tracing.decline": Permission.MODERATE,
    "tracing.queue": Permission.MODERATE,
    "tracing.withdraw": Permission.MODERATE,
}
# The same of what programs may do: a token has to allow it, and its account.
GUARDED_API: dict[str, Permission] = {
    "api.accept_offer": Permission.MODERATE,
    "api.bench_item": Permission.MODERATE,
    "api.bulk": Permission.MODERATE,
    "api.claim": Permission.MODERATE,
    "api.coming": Permission.MODERATE,
    "api.confirm_takedown": Permission.MODERATE,
    "api.decide": Permission.MODERATE,
    "api.decided_takedowns": Permission.MODERATE,
    "api.decline_offer": Permission.MODERATE,
    "api.decline_takedown": Permission.MODERATE,
    "api.dispute": Permission.MODERATE,
    "api.disputes": Permission.MODERATE,
    "api.foresee_marked": Permission.MODERATE,
    "api.foresee_search": Permission.MODERATE,
    "api.foresee_strike": Permission.MODERATE,
    "api.give_verdict": Permission.MODERATE,
    "api.give_verdict_on_words": Permission.MODERATE,
    "api.hold": Permission.MODERATE,
    "api.keep_tag": Permission.MODERATE,
    "api.keep_takedown": Permission.MODERATE,
    "api.keep_vote": Permission.MODERATE,
    "api.leave": Permission.MODERATE,
    "api.lift_takedown": Permission.MODERATE,
    "api.mark": Permission.MODERATE,
    "api.moderation_queues": Permission.MODERATE,
    "api.objection": Permission.MODERATE,
    "api.objections": Permission.MODERATE,
    "api.offer": Permission.MODERATE,
    "api.offers": Permission.MODERATE,
    "api.propose_takedown": Permission.MODERATE,
    "api.redo_last": Permission.MODERATE,
    "api.reopen_objection": Permission.MODERATE,
    "api.reverse_tag": Permission.MODERATE,
    "api.skip": Permission.MODERATE,
    "api.sources_on_bench": Permission.MODERATE,
    "api.strike": Permission.MODERATE,
    "api.tag_at_once": Permission.MODERATE,
    "api.take_offer_back": Permission.MODERATE,
    "api.takedown": Permission.MODERATE,
    "api.takedown_desk": Permission.MODERATE,
    "api.undo_bulk": Permission.MODERATE,
    "api.undo_decision": Permission.MODERATE,
    "api.undo_last": Permission.MODERATE,
    "api.vote": Permission.MODERATE,
    "api.imports": Permission.IMPORT,
    "api.one_import": Permission.IMPORT,
    "api.preview_import": Permission.IMPORT,
    "api.publish_import": Permission.IMPORT,
    "api.quarantine": Permission.IMPORT,
    "api.quarantine_of_import": Permission.IMPORT,
    "api.roll_import_back": Permission.IMPORT,
    "api.run_import": Permission.IMPORT,
    "api.send_file": Permission.IMPORT,
}
_ANSWERS_FOR_ITSELF = {"accounts.log_in", "accounts.log_out"}  # refuses wrong passwords; would end the walk


def test_the_table_names_every_guarded_route(app: Flask) -> None:
    guarded = {endpoint: needed for endpoint, needed in declared_permissions(app).items() if needed not in ANYBODY}
    assert guarded == GUARDED | GUARDED_API


def test_what_changes_something_is_not_open_to_anybody(app: Flask) -> None:
    """But for logging in and out, how one likes to read, which is kept in a cookie, supplying a reference, which no
    reader sees before a moderator has accepted it, objecting to a tag, which waits for a moderator's reply, and asking
    for a takedown, on which two moderators decide.
    """
    declared = declared_permissions(app)
    open_to_all = {
        rule.endpoint for rule, method in _requests(app) if method != "GET" and declared[rule.endpoint] in ANYBODY
    }
    assert open_to_all == {"accounts.log_in", "objections.give", "reading.choose", "takedown.ask", "tracing.give"}


@pytest.mark.parametrize("person", PEOPLE)
def test_person_is_let_in_where_the_table_says_and_refused_elsewhere(
    app: Flask, client: FlaskClient, make_user: Callable[..., object], log_in: Callable[..., None], person: str
) -> None:
    _become(client, person, make_user, log_in)
    app.config["WTF_CSRF_ENABLED"] = False  # whoever lacks the token is refused before the permission is asked for
    held = ANYBODY if person == NOBODY else permissions_of(frozenset({Role(person)}))
    declared = declared_permissions(app)
    for rule, method in _requests(app):
        if rule.endpoint in _ANSWERS_FOR_ITSELF or _is_for_programs(rule):
            continue
        answer = client.open(_path(app, rule), method=method)
        refused = answer.status_code in (401, 403) or answer.headers.get("Location", "").startswith("/login?")
        where = f"{method} {rule.rule} answers {answer.status}"
        assert refused is (declared[rule.endpoint] not in held), where
        assert answer.status_code < 500, where


def test_nothing_is_changed_without_the_token_of_a_form(
    app: Flask, client: FlaskClient, make_user: Callable[..., object], log_in: Callable[..., None]
) -> None:
    _become(client, Role.ADMIN, make_user, log_in)
    unsafe = [(rule, method) for rule, method in _requests(app) if method != "GET" and not _is_for_programs(rule)]
    assert unsafe
    for rule, method in unsafe:
        answer = client.open(_path(app, rule), method=method)
        assert answer.status_code == 400, f"{method} {rule.rule} answers {answer.status}"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scope", [None, *Scope])
def test_a_program_is_let_in_where_its_token_and_its_account_may_go_and_refused_elsewhere(
    app: Flask, session: Session, make_user: Callable[..., User], role: Role, scope: Scope | None
) -> None:
    client, user = app.test_client(), make_user(role, role)
    scopes = [scope] if scope and ALLOWS[scope] in user.permissions else []
    header = f"Bearer {make_token(session, user=user, name='a program', scopes=scopes, days=7).token}"
    held = ANYBODY | {ALLOWS[scope] for scope in scopes}
    declared = declared_permissions(app)
    for rule, method in filter(lambda one: _is_for_programs(one[0]), _requests(app)):
        answer = client.open(_path(app, rule), method=method, headers={"Authorization": header})
        where = f"{method} {rule.rule} answers {answer.status}"
        assert (answer.status_code == 403) is (declared[rule.endpoint] not in held), where
        assert answer.status_code < 500, where


def test_a_cookie_counts_for_nothing_where_programs_ask(
    app: Flask, client: FlaskClient, make_user: Callable[..., object], log_in: Callable[..., None]
) -> None:
    """So no other site can have the browser of somebody who is logged in do anything there."""
    _become(client, Role.ADMIN, make_user, log_in)
    for rule, method in filter(lambda one: _is_for_programs(one[0]), _requests(app)):
        answer = client.open(_path(app, rule), method=method)
        assert (answer.status_code == 401) is (rule.endpoint in GUARDED_API), f"{method} {rule.rule}: {answer.status}"
        assert answer.mimetype.endswith("json"), rule.rule


def test_every_answer_carries_the_headers(app: Flask, client: FlaskClient) -> None:
    for rule, method in _requests(app):
        headers = client.open(_path(app, rule), method=method).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], rule.rule
        assert "unsafe" not in headers["Content-Security-Policy"], rule.rule
        assert headers["X-Content-Type-Options"] == "nosniff", rule.rule


def _is_for_programs(rule: Rule) -> bool:
    return rule.endpoint.startswith("api.")


def _become(client: FlaskClient, person: str, make_user: Callable[..., object], log_in: Callable[..., None]) -> None:
    if person != NOBODY:
        make_user(person, person)
        log_in(client, person)


def _requests(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def _path(app: Flask, rule: Rule) -> str:
    kinds = {converter: name for name, converter in app.url_map.converters.items()}
    arguments = {name: _ARGUMENTS[kinds[type(rule._converters[name])]] for name in rule.arguments}
    built = app.url_map.bind("localhost").build(rule.endpoint, arguments, method=next(iter(rule.methods or ())))
    return built.removeprefix("http://localhost")
