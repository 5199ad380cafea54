"""What crawlers are to leave: what answers each of them anew, and what only asks for a login.

Nothing is protected by it. Pages that may not be seen are not shown, whoever asks.
"""

LEFT: tuple[str, ...] = (
    "/account",
    "/api/",
    "/codebook/edit",
    "/codebook/revisit",
    "/collections/*/about",
    "/collections/*/rules",
    "/doubts",
    "/imports",
    "/login",
    "/moderation",
    "/originals/",
    "/posts/*/objection",
    "/posts/*/place",
    "/posts/*/sources",
    "/posts/*/takedown",
    "/posts/*/trace",
    "/reading",
    "/search",
    "/sources/*/merge",
    "/sources/*/split",
    "/sources/doubtful",
    "/takedowns/",
    "/*?*level=",
    "/*?*next=",
)


def robots_text(root: str) -> str:
    """The file, for an archive at that address."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in LEFT), "", f"Sitemap: {root}/sitemap.xml"]
    return "\n".join(lines) + "\n"
