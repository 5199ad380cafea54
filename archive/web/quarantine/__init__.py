"""The archivists' pages of what could not be read."""
