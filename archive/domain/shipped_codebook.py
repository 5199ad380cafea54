"""The codebook that the program comes with: version 2, where every archive starts.

A later release that says it in other words keeps these under their number: tags name it.
"""

from archive.domain.codebook import Codebook, EdgeCase, Example
from archive.domain.source_quality import Level

SHIPPED_VERSION = 2

_MEANINGS = {
    Level.PINPOINT: (
        "A reference that can be retrieved, with the place in it: a page, a folio, a chapter, a canonical "
        "reference, the call number of a single archival item, a time in a recording."
    ),
    Level.CITED: (
        "A reference that a stranger can retrieve without asking: a link or an identifier, an author and a title, "
        "or a title of which there is only one. Offered as consulted."
    ),
    Level.ATTRIBUTED: (
        "A claim ascribed to a named scholar, witness, body or kind of record, but not enough to find the work."
    ),
    Level.RECOLLECTED: (
        "The writer says that it was read, heard, watched or taught and is recalled now, or that it cannot be cited."
    ),
    Level.UNSOURCED: "None of these. “Historians say” and “it is well known” stay here.",
    Level.TESTIMONY: "The writer’s own experience, or what a witness told the writer in person.",
    Level.CONJECTURE: "The main claim is marked as the writer’s own inference or guess, and nothing is given for it.",
    Level.NOT_ANSWER: (
        "Nothing that answers: a question, a joke, thanks, a notice, a deleted text, pure opinion or advice."
    ),
}

_QUESTIONS = (
    "Does the text make a claim that tries to answer the question?",
    (
        "Does it give, for a claim that answers, a reference that a stranger could retrieve, as something it used,"
        " and with the place in it? One that it says is from memory or cannot be cited does not count."
    ),
    "Does it give such a reference without the place?",
    (
        "Does the writer say that the claim is remembered, was taught or heard, or cannot be cited, and does that "
        "hold for the main claim, or is nobody named?"
    ),
    "Is a named scholar, witness, body or record given as the source?",
    "Is it the writer’s own experience, or was it told to the writer in person by a witness?",
    "Is the main claim marked as the writer’s own inference or guess?",
)

_CASES = (
    EdgeCase(
        "It consists of a link, or points to another thread that has the answer", "Cited.", frozenset({Level.CITED})
    ),
    EdgeCase(
        "It rests on Wikipedia",
        "Cited where the article is linked or named; otherwise Attributed, not cited.",
        frozenset({Level.CITED, Level.ATTRIBUTED}),
    ),
    EdgeCase(
        "It ends in a list of books",
        "Cited; with page only where a page or another place in a book is named.",
        frozenset({Level.PINPOINT, Level.CITED}),
    ),
    EdgeCase(
        "It says “I have not read it” of the work it names",
        "The work does not count as used.",
        frozenset({Level.PINPOINT, Level.CITED}),
    ),
    EdgeCase(
        "It quotes words",
        "Without a source: No source given. With only the speaker’s name: Attributed, not cited.",
        frozenset({Level.ATTRIBUTED, Level.UNSOURCED}),
    ),
    EdgeCase(
        "A person of the past speaks within the story it tells",
        "That is what the answer is about, not its source.",
        frozenset({Level.ATTRIBUTED, Level.UNSOURCED}),
    ),
    EdgeCase(
        "“As another user said”, “I am a historian”",
        "Neither is a source: No source given.",
        frozenset({Level.UNSOURCED}),
    ),
    EdgeCase("It passes on what a chatbot wrote", "Attributed, not cited, at best.", frozenset({Level.ATTRIBUTED})),
    EdgeCase(
        "Its link is dead", "It stays Cited. Whether the link still works is another matter.", frozenset({Level.CITED})
    ),
    EdgeCase(
        "It promises sources for tonight",
        "What stands there now is what counts.",
        frozenset({Level.CITED, Level.UNSOURCED}),
    ),
    EdgeCase(
        "“If I remember rightly”, of a side matter, while the main claim has its reference",
        "Cited.",
        frozenset({Level.CITED}),
    ),
    EdgeCase("“If I remember rightly”, of everything it says", "From memory.", frozenset({Level.RECOLLECTED})),
    EdgeCase(
        "“As far as I know”, “I think”", "Caution, not memory: they change nothing.", frozenset({Level.RECOLLECTED})
    ),
    EdgeCase("“Off the top of my head”, and nothing else", "No source given.", frozenset({Level.UNSOURCED})),
    EdgeCase(
        "Own experience, recalled with “if I remember rightly”", "Personal account.", frozenset({Level.TESTIMONY})
    ),
    EdgeCase(
        "A law, a treaty or a book that the question is about", "Its topic, not a reference.", frozenset({Level.CITED})
    ),
    EdgeCase(
        "The place is part of the address of a link (a page, a time)",
        "It counts as a place.",
        frozenset({Level.PINPOINT}),
    ),
    EdgeCase("The pages of a whole article", "No place in it: Cited.", frozenset({Level.PINPOINT, Level.CITED})),
    EdgeCase(
        "A link of which only the words are left",
        "The words are what counts.",
        frozenset({Level.CITED, Level.ATTRIBUTED}),
    ),
    EdgeCase("A question, even one with a memory in it", "Not an answer.", frozenset({Level.NOT_ANSWER})),
    EdgeCase(
        "A joke, or a part that is played",
        "Not an answer, unless a real source comes with it.",
        frozenset({Level.NOT_ANSWER}),
    ),
    EdgeCase(
        "Words inside a quotation",
        "They belong to the one who is quoted, not to the writer.",
        frozenset({Level.RECOLLECTED, Level.TESTIMONY}),
    ),
)

_EXAMPLES = (
    Example(
        Level.PINPOINT,
        "The mill changed hands in 1783: see E. Harrow, “Mills of the Upper Wend” (York, 1921), p. 48.",
        "A work that can be found, and the page in it.",
    ),
    Example(
        Level.CITED,
        "All of it is told in E. Harrow, “Mills of the Upper Wend” (York, 1921).",
        "The work can be found; nobody says where in it.",
    ),
    Example(
        Level.ATTRIBUTED,
        "Harrow later wrote in his memoirs that the owner never paid.",
        "Somebody is named, and a kind of work, but not which one.",
    ),
    Example(
        Level.RECOLLECTED,
        "I read a book about the mill years ago, and I remember that the owner never paid. I cannot name it any more.",
        "The writer recalls it, and says so.",
    ),
    Example(Level.UNSOURCED, "It is well known that the owner never paid.", "Nobody in particular is named."),
    Example(
        Level.TESTIMONY,
        "I worked at the mill until it closed. We were paid on Fridays, in coins.",
        "The writer was there.",
    ),
    Example(
        Level.CONJECTURE,
        "My guess is that the owner simply ran out of money.",
        "The claim itself is marked as a guess, and nothing is given for it.",
    ),
    Example(Level.NOT_ANSWER, "I have wondered about this, too. Does anybody know?", "Nothing in it answers."),
)

SHIPPED = Codebook(meanings=_MEANINGS, questions=_QUESTIONS, cases=_CASES, examples=_EXAMPLES)
