"""Where a browser goes on after a form was taken."""

from flask import Response, current_app, redirect


def see_other(address: str) -> Response:
    """Send the browser to an address, which it asks for with GET: reloading that page sends nothing twice."""
    return current_app.make_response(redirect(address, 303))
