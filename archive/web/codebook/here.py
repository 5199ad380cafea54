"""What the pages of the codebook share."""

from flask import Blueprint

bp = Blueprint("codebook", __name__)
