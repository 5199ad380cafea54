"""What the program shows first is right: the sample answers are suggested the levels that they are tagged with."""

import tomllib
from functools import cache
from importlib.resources import files
from io import BytesIO

import pytest

from archive.domain.assessment import assess
from archive.domain.collection_about import MOST
from archive.domain.ids import Sha256
from archive.domain.records import PostKind, PostRecord
from archive.domain.source_quality import Level
from archive.services.demo import SampleTag, sample_tags
from imports.plain_text import read_threads

TAGS = list(sample_tags())

# Tulipomania is cited by a reader's reference, which comes after the tag: of its words the tag is right, and it is no
# exception here. These are known failures, by author, with what is suggested instead; who mends one takes it out.
FAILURES = {
    "polder_sjaak": Level.UNSOURCED,  # a joke told with a straight face: nothing in the words tells it from a claim
}


@cache
def answers(thread: str) -> list[PostRecord]:
    raw = (files("archive.samples") / "threads" / thread).read_bytes()
    items = read_threads(BytesIO(raw), original=Sha256("0" * 64))
    return [item for item in items if isinstance(item, PostRecord) and item.kind is PostKind.ANSWER]


def text_of(sample: SampleTag) -> str:
    by_author = [post.text for post in answers(sample.thread) if post.byline == sample.author]
    return by_author[sample.answer - 1]


@pytest.mark.parametrize("sample", TAGS, ids=lambda sample: f"{sample.author} in {sample.thread}")
def test_an_answer_is_suggested_the_level_that_it_is_tagged_with(sample: SampleTag) -> None:
    level = assess(text_of(sample)).level
    if sample.author in FAILURES:
        assert level is FAILURES[sample.author] is not sample.level
    else:
        assert level is sample.level


def test_what_the_samples_say_of_themselves_fits_into_its_form() -> None:
    said = tomllib.loads((files("archive.samples") / "about.toml").read_text("utf-8"))
    assert {name: len(words) <= MOST[name] for name, words in said.items()} == dict.fromkeys(MOST, True)
