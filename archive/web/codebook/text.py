"""The words of the codebook that stand only on its page: the questions to ask, and the cases of doubt."""

from dataclasses import dataclass

from archive.domain.source_quality import Level


@dataclass(frozen=True, slots=True)
class Question:
    """A step of the decision. An answer ends the search where it names a level, and leads on otherwise."""

    text: str
    yes: Level | None
    no: Level | None


QUESTIONS = (
    Question("Does the text make a claim that tries to answer the question?", None, Level.NOT_ANSWER),
    Question(
        "Does it give, for a claim that answers, a reference that a stranger could retrieve, as something it "
        "used, and with the place in it? One that it says is from memory or cannot be cited does not count.",
        Level.PINPOINT,
        None,
    ),
    Question("Does it give such a reference without the place?", Level.CITED, None),
    Question(
        "Does the writer say that the claim is remembered, was taught or heard, or cannot be cited, and does "
        "that hold for the main claim, or is nobody named?",
        Level.RECOLLECTED,
        None,
    ),
    Question("Is a named scholar, witness, body or record given as the source?", Level.ATTRIBUTED, None),
    Question(
        "Is it the writer’s own experience, or was it told to the writer in person by a witness?", Level.TESTIMONY, None
    ),
    Question("Is the main claim marked as the writer’s own inference or guess?", Level.CONJECTURE, Level.UNSOURCED),
)

# What the text does → the level, or what to do, in words.
EDGE_CASES: tuple[tuple[str, str], ...] = (
    ("It consists of a link, or points to another thread that has the answer", "Cited."),
    ("It rests on Wikipedia", "Cited where the article is linked or named; otherwise Attributed, not cited."),
    ("It ends in a list of books", "Cited; with page only where a page or another place in a book is named."),
    ("It says “I have not read it” of the work it names", "The work does not count as used."),
    ("It quotes words", "Without a source: No source given. With only the speaker’s name: Attributed, not cited."),
    ("A person of the past speaks within the story it tells", "That is what the answer is about, not its source."),
    ("“As another user said”, “I am a historian”", "Neither is a source: No source given."),
    ("It passes on what a chatbot wrote", "Attributed, not cited, at best."),
    ("Its link is dead", "It stays Cited. Whether the link still works is another matter."),
    ("It promises sources for tonight", "What stands there now is what counts."),
    ("“If I remember rightly”, of a side matter, while the main claim has its reference", "Cited."),
    ("“If I remember rightly”, of everything it says", "From memory."),
    ("“As far as I know”, “I think”", "Caution, not memory: they change nothing."),
    ("“Off the top of my head”, and nothing else", "No source given."),
    ("Own experience, recalled with “if I remember rightly”", "Personal account."),
    ("A law, a treaty or a book that the question is about", "Its topic, not a reference."),
    ("The place is part of the address of a link (a page, a time)", "It counts as a place."),
    ("The pages of a whole article", "No place in it: Cited."),
    ("A link of which only the words are left", "The words are what counts."),
    ("A question, even one with a memory in it", "Not an answer."),
    ("A joke, or a part that is played", "Not an answer, unless a real source comes with it."),
    ("Words inside a quotation", "They belong to the one who is quoted, not to the writer."),
)
