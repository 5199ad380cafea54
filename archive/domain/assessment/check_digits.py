"""Check digits of book and journal numbers, so that a telephone number is no ISBN."""


def is_isbn(digits: str) -> bool:
    """Whether ten or thirteen digits, hyphens removed, carry the right check digit."""
    if len(digits) == 13:
        return _is_isbn_13(digits)
    return len(digits) == 10 and _weighted(digits, first_weight=10)


def is_issn(digits: str) -> bool:
    """Whether eight digits, the hyphen removed, carry the right check digit."""
    return len(digits) == 8 and _weighted(digits, first_weight=8)


def _is_isbn_13(digits: str) -> bool:
    if not (digits.isascii() and digits.isdecimal() and digits.startswith(("978", "979"))):
        return False
    return sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(digits)) % 10 == 0


def _weighted(digits: str, *, first_weight: int) -> bool:
    """The check of ISBN-10 (ISO 2108) and ISSN (ISO 3297): weights fall to 1, the sum divides by 11."""
    body, check = digits[:-1], digits[-1].upper()
    if not (digits.isascii() and body.isdecimal()) or not (check.isdecimal() or check == "X"):
        return False
    values = [*map(int, body), 10 if check == "X" else int(check)]
    return sum(value * (first_weight - i) for i, value in enumerate(values)) % 11 == 0
