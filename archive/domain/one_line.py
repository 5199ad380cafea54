"""Text from outside as a sentence on a terminal can carry it."""


def one_line(text: str) -> str:
    """The text with everything that does not print as an escape: it can neither begin a line nor colour one."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
