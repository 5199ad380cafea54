"""The parts of the site."""

from flask import Blueprint

from archive.web import accounts, arranging, citing, codebook, imports, moderation, practice, sources, static_files
from archive.web.agreement import views as agreement
from archive.web.authors import views as authors
from archive.web.bulk import views as bulk
from archive.web.calendar import views as calendar
from archive.web.checking import views as checking
from archive.web.collections import views as collections
from archive.web.discovery import views as discovery
from archive.web.feeds import views as feeds
from archive.web.log import views as log
from archive.web.objections import views as objections
from archive.web.originals import views as originals
from archive.web.quarantine import views as quarantine
from archive.web.reading import views as reading
from archive.web.rules import views as rules
from archive.web.search import views as search
from archive.web.takedown import views as takedown
from archive.web.threads import views as threads
from archive.web.topics import views as topics
from archive.web.tracing import views as tracing

BLUEPRINTS: tuple[Blueprint, ...] = (
    static_files.bp,
    collections.bp,
    calendar.bp,
    topics.bp,
    threads.bp,
    citing.bp,
    originals.bp,
    authors.bp,
    feeds.bp,
    discovery.bp,
    search.bp,
    sources.bp,
    codebook.bp,
    log.bp,
    reading.bp,
    accounts.bp,
    moderation.bp,
    practice.bp,
    agreement.bp,
    bulk.bp,
    rules.bp,
    checking.bp,
    tracing.bp,
    objections.bp,
    takedown.bp,
    arranging.bp,
    imports.bp,
    quarantine.bp,
)
