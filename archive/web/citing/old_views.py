"""Old addresses: where a post stands now that once had another one, and maps for those who keep the old site.

Nobody is sent anywhere but to a permalink of this archive, and no address is opened.
"""

from flask import Response, redirect, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from archive.domain.citing.redirects import MapForm
from archive.domain.permissions import Permission
from archive.services.citing.old import look_for
from archive.services.citing.redirects import mapped_collections, redirect_map
from archive.store.database import db
from archive.web import arguments
from archive.web.addresses import MAX_ADDRESS_LENGTH
from archive.web.citing.here import bp, home
from archive.web.permissions import needs

_MIMETYPES = {MapForm.CSV: "text/csv", MapForm.NGINX: "text/plain", MapForm.APACHE: "text/plain"}


@bp.get("/from")
@needs(Permission.READ)
def from_old() -> ResponseReturnValue:
    """Where the post at an old address stands now."""
    return _led(arguments.words("url", most=MAX_ADDRESS_LENGTH))


@bp.get("/old/<path:original>")
@needs(Permission.READ)
def from_path(original: str) -> ResponseReturnValue:
    """The same for a server that redirects what it is asked for, with its host before the path."""
    query = request.query_string.decode("utf-8", "replace")
    typed = "".join(sign for sign in original + (f"?{query}" if query else "") if sign.isprintable())
    return _led(typed[:MAX_ADDRESS_LENGTH])


@bp.get("/collections/<slug:collection>/redirects.<form>")
@needs(Permission.READ)
def redirects(collection: str, form: str) -> ResponseReturnValue:
    """A map from old addresses to permalinks."""
    if form not in set(MapForm):
        raise arguments.ArgumentError("the map", form, f"one of {', '.join(MapForm)}")
    form = MapForm(form)
    lines = redirect_map(db.session(), collection, form, home=home().address)
    response = Response(stream_with_context(lines), content_type=f"{_MIMETYPES[form]}; charset=utf-8")
    name = "redirects.csv" if form is MapForm.CSV else f"redirects-{form}.txt"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _led(typed: str) -> ResponseReturnValue:
    looked = look_for(db.session(), typed) if typed else None
    if looked and looked.sure:
        return redirect(looked.sure.address, 302)
    html = render_template(
        "citing/old.html",
        typed=typed,
        looked=looked,
        collections=mapped_collections(db.session()),
        forms=[*MapForm],
    )
    return Response(html, status=404 if looked and not looked.matches else 200)
