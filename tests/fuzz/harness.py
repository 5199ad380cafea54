"""One reader under libFuzzer: `python -m tests.fuzz.harness NAME FOLDER -max_total_time=60`.

FOLDER holds the seeds; what is found to be new is added to it.
"""

import sys

import atheris  # type: ignore[import-not-found,unused-ignore]  # only who fuzzes has it: see `make fuzz`

with atheris.instrument_imports(include=["imports"]):
    from imports import FORMATS
    from tests.fuzz.check import check


def main() -> None:
    """Fuzz the reader of that name."""
    name, *arguments = sys.argv[1:]
    known = next(known for known in FORMATS if known.name == name)
    atheris.Setup([sys.argv[0], *arguments], lambda raw: check(known, raw))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
