"""Who sends something in that anybody may send: by what the request is counted."""

import hashlib

from flask import request
from flask import session as form_session

from archive.web.current_user import current_user


def seen_as() -> list[str]:
    """By what whoever asks is counted: address, browser, account."""
    user, token = current_user(), form_session.get("csrf_token")
    seen = [f"address {(request.remote_addr or '')[:60]}"] if user is None else [f"account {user.id}"]
    if isinstance(token, str):
        seen.append(f"browser {hashlib.sha256(token.encode()).hexdigest()[:32]}")
    return seen
