"""Threads whose answers cite, remember and invent works, and the citations that the program finds in them."""

from sqlalchemy.orm import Session

from archive.services.assess import assess_all

SCHOLAR, DREAMER, FORGETFUL, NAMER = "scholar_1611", "dreamer_of_books9", "forgetful_fox7", "namer_of_names3"
LEAGUE = "Why did the Hansa lose Novgorod?"
IN_PRINT = "https://doi.org/10.1093/ehr/cxvi.465.1"
INVENTED = "ISBN 0-306-40615-2"
ON_LEAGUE = (
    (SCHOLAR, f"The sources are set out at {IN_PRINT} and at https://www.hanse.example.org/novgorod, in full."),
    (DREAMER, f"It is all in a book on the Peterhof, {INVENTED}, which nobody has read."),
    (
        FORGETFUL,
        "I read Khrushchev's memoirs years ago but cannot cite them now. He says that it was the ice.",
    ),
    (NAMER, "Molotov later commented in his memoir that it was the tolls."),
)


def store_citations(session: Session) -> None:
    """Store what is found in all public answers."""
    for _ in assess_all(session):
        pass
