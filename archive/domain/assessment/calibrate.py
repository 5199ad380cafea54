"""Make `confidence.toml` anew: `python -m archive.domain.assessment.calibrate FILE… > confidence.toml`.

Each file holds JSON lines with `text` and `level`; a level that is null is left out. Run it after
any change of cues, points or tree.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.domain.assessment.confidence import confidence_table
from archive.domain.assessment.engine import examine


def _outcomes(paths: Iterable[str]) -> Iterator[tuple[str, bool]]:
    for path in paths:
        for line in Path(path).read_text("utf-8").splitlines():
            label = json.loads(line)
            if label["level"] is not None:
                decision = examine(label["text"]).decision
                yield decision.leaf, decision.level == label["level"]


if __name__ == "__main__":
    sys.stdout.write(confidence_table(_outcomes(sys.argv[1:])))
