"""The team's pages of agreement, and its figures as a table to download."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from archive.domain.agreement.figures import ENOUGH
from archive.domain.agreement.trials import ENOUGH_OF_A_PATH, INTERVAL_FROM, JUDGED_FROM, NEWEST
from archive.domain.permissions import Permission
from archive.services.agreement import DIFFERENCES_A_PAGE, AgreementPage, agreement_page, differences
from archive.services.trials import trials_page
from archive.store.database import db
from archive.web import arguments
from archive.web.agreement import words
from archive.web.agreement.plots import measures_plot, months_plot
from archive.web.agreement.rate import least_agreement
from archive.web.agreement.table import figures_csv, heat
from archive.web.permissions import needs
from archive.web.words import first_words

bp = Blueprint("agreement", __name__)

_MAX_SLUG = 80  # characters
_EXCERPT = 110  # characters
_MAX_VERSION = 100_000


@bp.get("/moderation/agreement")
@needs(Permission.MODERATE)
def show() -> ResponseReturnValue:
    """How far moderators agree who read the same answers independently."""
    page = _asked_for()
    if page.found is None:
        return render_template("agreement/too_few.html", page=page, ENOUGH=ENOUGH)
    return render_template(
        "agreement/agreement.html",
        page=page,
        found=page.found,
        measures=measures_plot([(measure.short, figures) for measure, figures in page.found.measures]),
        months=months_plot(page.found.months),
        heat=heat,
        say=words,
        ENOUGH=ENOUGH,
    )


@bp.get("/moderation/agreement.csv")
@needs(Permission.MODERATE)
def download() -> ResponseReturnValue:
    """The same figures as comma-separated values."""
    response = Response(figures_csv(_asked_for()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="agreement.csv"'
    return response


@bp.get("/moderation/agreement/differences")
@needs(Permission.MODERATE)
def parted() -> ResponseReturnValue:
    """The answers of which not all said the same."""
    collection = arguments.words("collection", most=_MAX_SLUG) or None
    listed, count = differences(db.session(), collection=collection)
    return render_template(
        "agreement/differences.html",
        listed=[(one.answer, one.byline, first_words(one.text, _EXCERPT)) for one in listed],
        all=count,
        collection=collection,
        most=DIFFERENCES_A_PAGE,
        ENOUGH=ENOUGH,
    )


@bp.get("/moderation/suggestions")
@needs(Permission.MODERATE)
def suggestions() -> ResponseReturnValue:
    """How often blind votes agreed with suggestions that came about alike."""
    return render_template(
        "agreement/suggestions.html",
        page=trials_page(db.session(), least=least_agreement()),
        say=words,
        JUDGED_FROM=JUDGED_FROM,
        INTERVAL_FROM=INTERVAL_FROM,
        NEWEST=NEWEST,
        ENOUGH_OF_A_PATH=ENOUGH_OF_A_PATH,
    )


def _asked_for() -> AgreementPage:
    return agreement_page(
        db.session(),
        collection=arguments.words("collection", most=_MAX_SLUG) or None,
        version=arguments.whole_number("codebook", most=_MAX_VERSION),
    )
