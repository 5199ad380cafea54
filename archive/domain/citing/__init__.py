"""Citing posts and threads of the archive: in words, by styles, and as files for programs of references."""
