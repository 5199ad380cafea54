"""`make fuzz`: each reader in turn under libFuzzer, for a bounded time, from the fixtures as seeds.

What breaks one is written to `.fuzz/NAME/crash-…`; it becomes a fixture named by its defect.
"""

import argparse
import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from imports import FORMATS, choose_format
from imports.formats import UnknownFormatError
from imports.limits import DETECTION_BYTES

_ROOT = Path(__file__).parents[2]
_FIXTURES = _ROOT / "tests" / "fixtures" / "imports"
_WORK = _ROOT / ".fuzz"
_MOST_BYTES = 4096  # of an input: defects are small, and libFuzzer is quick with small ones
_LIMITS = (f"-max_len={_MOST_BYTES}", "-timeout=20", "-rss_limit_mb=1024", "-print_final_stats=1", "-verbosity=0")
_HOW_TO_GET_IT = """atheris is not installed. It has wheels for Linux and some versions of Python:
    {python} -m pip install atheris
Elsewhere it is built with clang: https://github.com/google/atheris#installation-instructions
"""


def main() -> int:
    """Fuzz, and say how many readers broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", help="of formats; all of them, if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each reader")
    options = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write(_HOW_TO_GET_IT.format(python=sys.executable))
        return 2
    write_seeds(_WORK)
    names = options.names or [known.name for known in FORMATS]
    return max(fuzz(name, options.seconds) for name in names)


def write_seeds(folder: Path) -> None:
    """Write each small fixture into the folder of the format that its bytes are in."""
    for known in FORMATS:
        (folder / known.name).mkdir(parents=True, exist_ok=True)
    for path in sorted(path for path in _FIXTURES.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        try:
            name = choose_format(raw[:DETECTION_BYTES]).name
        except UnknownFormatError:
            continue
        if len(raw) <= _MOST_BYTES:
            (folder / name / hashlib.sha256(raw).hexdigest()[:16]).write_bytes(raw)


def fuzz(name: str, seconds: int) -> int:
    """Fuzz one reader; 0 if nothing broke it."""
    folder = _WORK / name
    arguments = [f"-max_total_time={seconds}", f"-artifact_prefix={folder}/", *_LIMITS]
    command = [sys.executable, "-m", "tests.fuzz.harness", name, str(folder), *arguments]
    print(f"{name}: {seconds} s", flush=True)
    return 1 if subprocess.run(command, cwd=_ROOT, check=False).returncode else 0


if __name__ == "__main__":
    sys.exit(main())
