"""Readers of foreign formats: bytes in, records out. A reader never guesses in silence."""

from imports.formats import AUTO, FORMATS, Format, Reader, UnknownFormatError, choose_format, is_zip

__all__ = ["AUTO", "FORMATS", "Format", "Reader", "UnknownFormatError", "choose_format", "is_zip"]
