"""Authors: everything that one name posted in a collection."""
