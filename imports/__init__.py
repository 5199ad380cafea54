"""Readers of foreign formats: bytes in, records out. A reader never guesses in silence."""

from imports.formats import AUTO, FORMATS, UnknownFormatError, choose_format, known_formats
from imports.reader import Format, Reader

__all__ = ["AUTO", "FORMATS", "Format", "Reader", "UnknownFormatError", "choose_format", "known_formats"]
