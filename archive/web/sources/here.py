"""What the pages of works share."""

from flask import Blueprint

bp = Blueprint("sources", __name__)
