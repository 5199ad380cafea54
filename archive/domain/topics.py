"""Topics: the words under which a source itself files a thread, its tags and its flair.

They are the source's own. What moderators decide is called a tag, and is something else.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

MOST_CHARACTERS = 200  # of a topic; longer ones are no words to file under
MOST_TOPICS = 50  # of a thread


def topics_of(facts: Mapping[str, Any]) -> list[str]:
    """The topics that the facts of a question name, each once, in the order of the source.

    :param facts: by the names in `archive.domain.facts`.
    """
    tags, flair = facts.get("tags"), facts.get("flair")
    named = [*(tags if isinstance(tags, list) else ()), flair]
    topics = dict.fromkeys([topic for word in named if isinstance(word, str) and (topic := _topic(word))])
    return [*topics][:MOST_TOPICS]


@lru_cache(maxsize=10_000)  # the same few words stand on thousands of threads
def _topic(word: str) -> str:
    topic = " ".join(word.replace("\0", "").split())
    return topic if len(topic) <= MOST_CHARACTERS else ""
