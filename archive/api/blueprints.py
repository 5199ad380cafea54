"""The operations, all of them imported, so that each has an address; and the page about them."""

from flask import Blueprint

from archive.api import description, importing, moderating, page, reading
from archive.api.operations import bp
from archive.web.security import csrf

csrf.exempt(bp)  # a token comes in a header, which no other site can have a browser send

API_BLUEPRINTS: tuple[Blueprint, ...] = (bp, page.bp)
PARTS = (description, importing, moderating, reading)
