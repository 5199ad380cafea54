"""Sources: the works that answers point to, and how each answer points to them.

Nothing here reads a clock, a disk or a network.
"""
