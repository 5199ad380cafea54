"""What every response says to the browser, and what every form must prove.

The policy lets a page load only our own files, run nothing inline, post nowhere else
and be framed by nobody. It goes out with every answer: pages, errors, files.
"""

from datetime import timedelta

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ORIGINALS_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
_FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
}
STRICT_TRANSPORT_SECURITY = "max-age=31536000"  # a year, in seconds
_FORM_LIFETIME = timedelta(hours=12)  # as long as a login lasts


def secure(app: Flask, *, behind_tls: bool) -> None:
    """Put the headers on every response and a CSRF check before every unsafe request."""
    app.config.update(
        BEHIND_TLS=behind_tls,
        SESSION_COOKIE_NAME="__Host-footnote-form" if behind_tls else "footnote-form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=behind_tls,
        WTF_CSRF_TIME_LIMIT=int(_FORM_LIFETIME.total_seconds()),
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which careful browsers leave out; the token is the proof
    )
    app.before_request(_forget_token)
    csrf.init_app(app)
    app.after_request(_add_headers)


def _forget_token() -> None:
    g.pop("csrf_token", None)  # an application context that is held open serves several requests, each with its own


def _add_headers(response: Response) -> Response:
    given = {name.lower() for name, _ in response.headers}  # read once: each look at one header reads all of them
    response.headers.extend([(name, value) for name, value in HEADERS.items() if name.lower() not in given])
    if current_app.config["BEHIND_TLS"]:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT_SECURITY)
    if "cache-control" not in given:
        response.headers["Cache-Control"] = "private, no-store" if request.cookies else "private, no-cache"
    response.headers.add("Vary", "Cookie")
    return response
