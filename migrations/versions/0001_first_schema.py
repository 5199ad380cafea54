"""The first schema: collections, originals, batches, threads, tags, accounts, ledger, full-text search."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FOLDED = "replace(replace({}, 'ß', 'ss'), 'ẞ', 'ss')"
_SEARCH_SQLITE = (
    # The texts that readers see: those that the index knows (archive/store/searching/indexing.py).
    f"""
    CREATE VIEW revision_words AS SELECT revision_id, {_FOLDED.format("title")} AS title,
        {_FOLDED.format("substr(coalesce(words, text), 1, 200000)")} AS text
    FROM revision_text JOIN revision ON revision.id = revision_text.revision_id
    JOIN post ON post.id = revision.post_id WHERE revision.is_current AND post.takedown_id IS NULL
    """,
    """
    CREATE VIRTUAL TABLE revision_fts USING fts5(
        title, text,
        content = 'revision_words', content_rowid = 'revision_id',
        tokenize = 'unicode61 remove_diacritics 2'
    )
    """,
    # All words of the index.
    "CREATE VIRTUAL TABLE revision_fts_words USING fts5vocab('revision_fts', 'row')",
    # Words of this many bytes are gathered before they are written: a part of a batch at once, in half the time.
    "INSERT INTO revision_fts (revision_fts, rank) VALUES ('hashsize', 16777216)",
)
# PostgreSQL's parser would keep “1941-1945”, “and/or” and “example.com” whole, and accents too. It is given what
# FTS5 makes of a text: words between punctuation, Latin letters without accents, “ss” for “ß”. Most texts are plain
# ASCII, which needs a fifth of the time.
_WORDS = r"""CASE WHEN octet_length({text}) = length({text})
    THEN regexp_replace(left({text}, {most}), '[!-/:-@\[-`{{-~]', ' ', 'g')
    ELSE regexp_replace(replace(replace(left(normalize(regexp_replace(normalize(left({text}, {most}), NFD),
        '([A-Za-z])[\u0300-\u036f]+', '\1', 'g'), NFC), {most}), 'ß', 'ss'), 'ẞ', 'ss'),
        '[!-/:-@\[-`{{-~\u00a0-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u2000-\u206f\u3000-\u3004\u3008-\u3020]',
        ' ', 'g') END"""
# A tsvector holds one megabyte at the most; words beyond the first 200,000 characters are not found, here and there.
# They are counted once more when they are normalised: some letters become three by that.
# The blank between title and text is a word that nobody can type, so that no phrase runs from one into the other.
_SEARCH_POSTGRESQL = f"""
    ALTER TABLE revision_text ADD COLUMN search tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', {_WORDS.format(text="coalesce(title, '')", most=20_000)})
        || $$' ':1$$::tsvector
        || to_tsvector('simple', {_WORDS.format(text="coalesce(words, text)", most=200_000)})
    ) STORED
"""


_EDGES = ("layout", "source", "references", "cut", "unsaid", "addressed", "person")
_DOUBTFUL = "awaits IS NOT NULL OR edge = 'cut' OR edge = 'unsaid' OR edge = 'addressed'"
_WAITING = "public AND kind = 'answer' AND level IS NULL AND takedown_id IS NULL"
_TRACEABLE = "public AND kind = 'answer' AND (level = 'recollected' OR level = 'attributed')"
_COUNTED = "public AND takedown_id IS NULL"
_DECIDED = "public AND kind = 'answer' AND level IS NOT NULL AND takedown_id IS NULL"
_HEADS = "public AND (kind = 'answer' OR depth < 2)"
_GHOSTS = "public AND awaits IS NOT NULL"
_MARKUPS = ("plain", "markdown", "reddit", "html", "mail")
_LEVELS = ("pinpoint", "cited", "attributed", "recollected", "unsourced", "testimony", "conjecture", "not_answer")
_SOURCE_KINDS = ("url", "doi", "isbn", "issn", "arxiv", "jstor", "pmid", "oclc", "archival", "canonical", "work")
_SHOWN_SOURCES = {
    "ix_source_shown": ["answers", "id"],
    "ix_source_shown_kind": ["kind", "answers", "id"],
    "ix_source_shown_domain": ["domain", "answers", "id"],
}
_REASON_CODES = (
    "disclaimer",
    "no place",
    "vague",
    "not consulted",
    "side claim",
    "topic",
    "actor",
    "quoted",
    "opinion",
)
_LOGGED_BY = ("act", "collection_id", "level", "moderator_id")
_SENT = ("reference", "objection", "takedown")
_REASONS = ("personal data", "copyright", "court order or law", "the author asks", "harm to somebody", "another reason")
_VERDICTS = (
    "unchecked",
    "found",
    "supports",
    "partly",
    "does not support",
    "not found",
    "dead",
    "no access",
    "fabricated",
)


def _where(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _one_of(table: str, column: str, *words: str) -> sa.CheckConstraint:
    # For a longer IN, SQLite would make a table of the words anew for each row: a third of the time of writing one.
    return sa.CheckConstraint(" OR ".join(f"{column} = '{word}'" for word in words), name=f"ck_{table}_{column}")


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "collection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_collection"),
        sa.UniqueConstraint("slug", name="uq_collection_slug"),
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_head"),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_attempt"),
    )
    op.create_index("ix_login_attempt_account_address_at", "login_attempt", ["account", "address", "at"], unique=False)
    op.create_table(
        "original",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("container", sa.String(length=64), nullable=True),
        sa.Column("member", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["container"], ["original.sha256"], name="fk_original_container_original"),
        sa.PrimaryKeyConstraint("sha256", name="pk_original"),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("practised_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_user_account"),
        sa.UniqueConstraint("name", name="uq_user_account_name"),
    )
    op.create_table(
        "author",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_id", sa.String(length=14), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name="fk_author_collection_id_collection"),
        sa.PrimaryKeyConstraint("id", name="pk_author"),
        sa.UniqueConstraint("public_id", name="uq_author_public_id"),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("program", sa.String(length=40), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("markup", sa.String(20), nullable=False),
        sa.Column("inputs_digest", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("balance", sa.JSON(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        _one_of("batch", "markup", *_MARKUPS),
        _one_of("batch", "state", "received", "importing", "draft", "published", "rolled_back"),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name="fk_batch_collection_id_collection"),
        sa.ForeignKeyConstraint(["started_by"], ["user_account.id"], name="fk_batch_started_by_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
    )
    op.create_index("ix_batch_inputs_digest", "batch", ["inputs_digest"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_ledger_entry_actor_id_user_account"),
        sa.PrimaryKeyConstraint("number", name="pk_ledger_entry"),
    )
    op.create_index("ix_ledger_entry_subject", "ledger_entry", ["subject"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_login_session_user_id_user_account"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_login_session"),
    )
    op.create_index(("ix_login_session_user_id"), "login_session", ["user_id"], unique=False)
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("markup", sa.String(20), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("companions", sa.JSON(), nullable=False),
        _one_of("reading", "markup", *_MARKUPS),
        sa.ForeignKeyConstraint(["original"], ["original.sha256"], name="fk_reading_original_original"),
        sa.PrimaryKeyConstraint("id", name="pk_reading"),
        sa.UniqueConstraint("original", "digest", name="uq_reading_original_digest"),
    )
    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_id", sa.String(length=14), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(length=500), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("namesake", sa.String(length=14), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("sourced", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsettled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name="fk_thread_collection_id_collection"),
        sa.PrimaryKeyConstraint("id", name="pk_thread"),
        sa.UniqueConstraint("public_id", name="uq_thread_public_id"),
    )
    op.create_index("ix_thread_listed", "thread", ["public", "collection_id", "id"], unique=False)
    begun = ["collection_id", "began_at", "id", "answers", "replies", "sourced", "decided"]
    op.create_index("ix_thread_begun", "thread", begun, unique=False, **_where("public"))
    op.create_index(
        "ix_thread_namesake",
        "thread",
        ["namesake"],
        unique=False,
        sqlite_where=sa.text("namesake IS NOT NULL"),
        postgresql_where=sa.text("namesake IS NOT NULL"),
    )
    op.create_index(
        "ix_thread_unsettled",
        "thread",
        ["id"],
        unique=False,
        sqlite_where=sa.text("unsettled"),
        postgresql_where=sa.text("unsettled"),
    )
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        _one_of("user_role", "role", "reader", "moderator", "archivist", "admin"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_user_role_user_id_user_account"),
        sa.PrimaryKeyConstraint("user_id", "role", name="pk_user_role"),
    )
    op.create_table(
        "batch_input",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=True),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("done_bytes", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("repairs", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_batch_input_batch_id_batch"),
        sa.ForeignKeyConstraint(["original"], ["original.sha256"], name="fk_batch_input_original_original"),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name="fk_batch_input_reading_id_reading"),
        sa.PrimaryKeyConstraint("batch_id", "position", name="pk_batch_input"),
    )
    op.create_index("ix_batch_input_original", "batch_input", ["original"], unique=False)
    op.create_index("ix_batch_input_reading_id", "batch_input", ["reading_id"], unique=False)
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(length=80), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("markup", sa.String(20), nullable=False),
        sa.Column("instance", sa.String(length=32), nullable=False),
        sa.Column("folder_names", sa.JSON(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("done_bytes", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        _one_of("arrival", "markup", *_MARKUPS),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name="fk_arrival_asked_by_user_account"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_arrival_batch_id_batch"),
        sa.PrimaryKeyConstraint("id", name="pk_arrival"),
    )
    op.create_table(
        "upload",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("instance", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrival_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name="fk_upload_arrival_id_arrival"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_upload_user_id_user_account"),
        sa.PrimaryKeyConstraint("token", name="pk_upload"),
    )
    op.create_table(
        "import_run",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("publish", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("instance", sa.String(length=32), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_bytes", sa.BigInteger(), nullable=False),
        sa.Column("began_posts", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("stop_by", sa.Integer(), nullable=True),
        sa.Column("stop_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name="fk_import_run_asked_by_user_account"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_import_run_batch_id_batch"),
        sa.ForeignKeyConstraint(["stop_by"], ["user_account.id"], name="fk_import_run_stop_by_user_account"),
        sa.PrimaryKeyConstraint("batch_id", name="pk_import_run"),
    )
    op.create_table(
        "batch_order",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("instance", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        _one_of("batch_order", "act", "import", "stop", "publish", "roll back", "mend"),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name="fk_batch_order_asked_by_user_account"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_batch_order_batch_id_batch"),
        sa.PrimaryKeyConstraint("batch_id", name="pk_batch_order"),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_id", sa.String(length=14), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(length=1100), nullable=False),
        sa.Column("key_basis", sa.String(20), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("awaits", sa.String(length=14), nullable=True),
        sa.Column("edge", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("byline", sa.String(length=1000), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(20), nullable=True),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        sa.Column("tag_version", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("takedown_id", sa.Integer(), nullable=True),
        sa.Column("source_thread_id", sa.Integer(), nullable=True),
        sa.Column("source_kind", sa.String(20), nullable=True),
        sa.Column("source_parent", sa.String(length=14), nullable=True),
        sa.Column("source_edge", sa.String(20), nullable=True),
        _one_of("post", "edge", *_EDGES),
        _one_of("post", "source_edge", *_EDGES),
        _one_of("post", "source_kind", "question", "answer", "reply"),
        _one_of("post", "key_basis", "source", "position"),
        _one_of("post", "kind", "question", "answer", "reply"),
        _one_of("post", "level", *_LEVELS),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name="fk_post_author_id_author"),
        sa.ForeignKeyConstraint(["parent_id"], ["post.id"], name="fk_post_parent_id_post"),
        sa.ForeignKeyConstraint(["source_thread_id"], ["thread.id"], name="fk_post_source_thread_id_thread"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_post_thread_id_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("public_id", name="uq_post_public_id"),
    )
    op.create_index("ix_post_decided", "post", ["level", "thread_id"], unique=False, **_where(_DECIDED))
    op.create_index("ix_post_by_author", "post", ["author_id", "id"], unique=False, **_where(_COUNTED))
    op.create_index(
        "ix_post_awaits",
        "post",
        ["awaits"],
        unique=False,
        sqlite_where=sa.text("awaits IS NOT NULL"),
        postgresql_where=sa.text("awaits IS NOT NULL"),
    )
    op.create_index(
        "ix_post_cut",
        "post",
        ["thread_id"],
        unique=False,
        sqlite_where=sa.text("edge = 'cut'"),
        postgresql_where=sa.text("edge = 'cut'"),
    )
    op.create_index(
        "ix_post_doubtful",
        "post",
        ["id"],
        unique=False,
        sqlite_where=sa.text(_DOUBTFUL),
        postgresql_where=sa.text(_DOUBTFUL),
    )
    op.create_index(
        "ix_post_source_thread_id",
        "post",
        ["source_thread_id"],
        unique=False,
        sqlite_where=sa.text("source_thread_id IS NOT NULL"),
        postgresql_where=sa.text("source_thread_id IS NOT NULL"),
    )
    op.create_index(
        "ix_post_shares",
        "post",
        ["thread_id", "level", "position", "posted_at", "takedown_id"],
        unique=False,
        sqlite_where=sa.text("public AND kind = 'answer'"),
        postgresql_where=sa.text("public AND kind = 'answer'"),
    )
    op.create_index("ix_post_thread_id_position", "post", ["thread_id", "position"], unique=False)
    # After the one before: of two that serve as well, SQLite takes the one that was made last.
    op.create_index(
        "ix_post_shown",
        "post",
        ["thread_id", "position"],
        unique=False,
        sqlite_where=sa.text("public"),
        postgresql_where=sa.text("public"),
    )
    op.create_index(
        "ix_post_heads",
        "post",
        ["thread_id", "position", "kind", "takedown_id", "depth", "parent_id", "public"],
        unique=False,
        **_where(_HEADS),
    )
    op.create_index("ix_post_question", "post", ["thread_id"], unique=False, **_where("kind = 'question'"))
    op.create_index("ix_post_ghosts", "post", ["thread_id", "awaits"], unique=False, **_where(_GHOSTS))
    op.create_index("ix_post_traceable", "post", ["id"], unique=False, **_where(_TRACEABLE))
    op.create_index(
        "ix_post_waiting",
        "post",
        ["id"],
        unique=False,
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )
    op.create_table(
        "remark",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        _one_of("remark", "kind", "note", "missing", "skipped", "quarantined", "doubtful"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_remark_batch_id_batch"),
        sa.ForeignKeyConstraint(["original"], ["original.sha256"], name="fk_remark_original_original"),
        sa.PrimaryKeyConstraint("batch_id", "number", name="pk_remark"),
    )
    op.create_index(
        "ix_remark_quarantined",
        "remark",
        ["original", "offset"],
        unique=False,
        sqlite_where=sa.text("kind = 'quarantined'"),
        postgresql_where=sa.text("kind = 'quarantined'"),
    )
    op.create_table(
        "resolution",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("act", sa.BigInteger(), nullable=True),
        _one_of("resolution", "outcome", "repaired", "dismissed"),
        _one_of("resolution", "reason", "no_post", "damaged", "elsewhere", "unwanted", "other"),
        sa.ForeignKeyConstraint(["act"], ["ledger_entry.number"], name="fk_resolution_act_ledger_entry"),
        sa.ForeignKeyConstraint(
            ["batch_id", "number"], ["remark.batch_id", "remark.number"], name="fk_resolution_batch_id_number_remark"
        ),
        sa.PrimaryKeyConstraint("batch_id", "number", name="pk_resolution"),
    )
    op.create_index("ix_remark_batch_id_kind_number", "remark", ["batch_id", "kind", "number"], unique=False)
    op.create_index(
        "ix_remark_cause",
        "remark",
        ["batch_id", "cause", "number"],
        unique=False,
        sqlite_where=sa.text("kind = 'quarantined'"),
        postgresql_where=sa.text("kind = 'quarantined'"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("markup", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("subject", sa.String(length=16), nullable=True),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("earlier", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        _one_of("revision", "markup", *_MARKUPS),
        _one_of("revision", "state", "present", "deleted", "removed"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_revision_batch_id_batch"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_revision_post_id_post"),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name="fk_revision_reading_id_reading"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_revision_thread_id_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("post_id", "number", name="uq_revision_post_id_number"),
    )
    op.create_index("ix_revision_reading_id", "revision", ["reading_id"], unique=False)
    op.create_index("ix_revision_batch_id_id", "revision", ["batch_id", "id"], unique=False)
    op.create_index(
        "ix_revision_subject",
        "revision",
        ["subject"],
        unique=False,
        sqlite_where=sa.text("subject IS NOT NULL"),
        postgresql_where=sa.text("subject IS NOT NULL"),
    )
    op.create_index(
        "uq_revision_current",
        "revision",
        ["post_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("was_thread_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _one_of("placement", "act", "move", "leave", "put back"),
        _one_of("placement", "outcome", "moved", "left", "source"),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name="fk_placement_by_id_user_account"),
        sa.ForeignKeyConstraint(["parent_id"], ["post.id"], name="fk_placement_parent_id_post"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_placement_post_id_post"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_placement_thread_id_thread"),
        sa.ForeignKeyConstraint(["undoes"], ["placement.id"], name="fk_placement_undoes_placement"),
        sa.ForeignKeyConstraint(["was_thread_id"], ["thread.id"], name="fk_placement_was_thread_id_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_placement"),
    )
    op.create_index("ix_placement_post_id", "placement", ["post_id"], unique=False)
    op.create_index("ix_placement_was_thread_id", "placement", ["was_thread_id"], unique=False)
    op.create_table(
        "skip",
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["user_account.id"], name="fk_skip_moderator_id_user_account"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_skip_post_id_post"),
        sa.PrimaryKeyConstraint("moderator_id", "post_id", name="pk_skip"),
    )
    op.create_table(
        "mention",
        sa.Column("address", sa.String(length=14), nullable=False),
        sa.Column("above", sa.String(length=14), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("above_key", sa.String(length=1100), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name="fk_mention_reading_id_reading"),
        sa.PrimaryKeyConstraint("address", "above", "reading_id", name="pk_mention"),
    )
    op.create_index("ix_mention_above", "mention", ["above"], unique=False)
    op.create_table(
        "naming",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("byline", sa.String(length=1000), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name="fk_naming_author_id_author"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_naming_post_id_post"),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name="fk_naming_reading_id_reading"),
        sa.PrimaryKeyConstraint("reading_id", "post_id", name="pk_naming"),
    )
    op.create_index("ix_naming_post_id", "naming", ["post_id"], unique=False)
    op.create_table(
        "revision_text",
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_revision_text_revision_id_revision"),
        sa.PrimaryKeyConstraint("revision_id", name="pk_revision_text"),
    )
    op.create_table(
        "sighting",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name="fk_sighting_reading_id_reading"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_sighting_revision_id_revision"),
        sa.PrimaryKeyConstraint("reading_id", "revision_id", "offset", name="pk_sighting"),
    )
    op.create_index("ix_sighting_revision_id", "sighting", ["revision_id"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=80), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(20), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("second", sa.String(20), nullable=True),
        sa.Column("second_confidence", sa.Float(), nullable=False),
        sa.Column("telling", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        _one_of("suggestion", "level", *_LEVELS),
        _one_of("suggestion", "second", *_LEVELS),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_suggestion_revision_id_revision"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_suggestion_thread_id_thread"),
        sa.PrimaryKeyConstraint("revision_id", "engine", name="pk_suggestion"),
    )
    op.create_index(
        "ix_suggestion_engine_confidence", "suggestion", ["engine", "confidence", "revision_id"], unique=False
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(20), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        sa.Column("suggested", sa.String(20), nullable=True),
        sa.Column("suggestion_engine", sa.String(length=80), nullable=True),
        sa.Column("suggestion_seen", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("rests_on", sa.JSON(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("closes", sa.JSON(), nullable=False),
        _one_of("tag", "act", "tag", "undo"),
        _one_of("tag", "basis", "single", "agreed", "adjudicated", "objection", "reference"),
        _one_of("tag", "level", *_LEVELS),
        _one_of("tag", "suggested", *_LEVELS),
        sa.ForeignKeyConstraint(["moderator_id"], ["user_account.id"], name="fk_tag_moderator_id_user_account"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_tag_post_id_post"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_tag_revision_id_revision"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_tag_thread_id_thread"),
        sa.ForeignKeyConstraint(["undoes"], ["tag.id"], name="fk_tag_undoes_tag"),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
    )
    op.create_index("ix_tag_level", "tag", ["level", "id", "codebook_version"], unique=False)
    op.create_index("ix_tag_moderator_id", "tag", ["moderator_id"], unique=False)
    op.create_index("ix_tag_post_id", "tag", ["post_id"], unique=False)
    op.create_table(
        "trained_model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=80), nullable=False),
        sa.Column("base", sa.String(length=80), nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("tags", sa.Integer(), nullable=False),
        sa.Column("newest_tag", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["before_id"], ["trained_model.id"], name="fk_trained_model_before_id_trained_model"),
        sa.PrimaryKeyConstraint("id", name="pk_trained_model"),
        sa.UniqueConstraint("engine", name="uq_trained_model_engine"),
    )
    op.create_index("uq_trained_model_in_force", "trained_model", ["in_force"], unique=True, **_where("in_force"))
    _create_changes()
    _create_sources()
    _create_bench()
    _create_practice()
    _create_objections()
    _create_codebook()
    _create_takedowns()
    _create_searching()
    _create_collection_pages()
    _create_tokens()
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SEARCH_SQLITE:
            op.execute(statement)
    else:
        op.get_bind().exec_driver_sql(_SEARCH_POSTGRESQL)
        op.create_index("ix_revision_text_search", "revision_text", ["search"], postgresql_using="gin")


def _create_changes() -> None:
    """What batches changed, what they lack, and what they say that they leave out."""
    op.create_table(
        "absence",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_absence_batch_id_batch"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_absence_post_id_post"),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name="fk_absence_reading_id_reading"),
        sa.PrimaryKeyConstraint("batch_id", "post_id", name="pk_absence"),
    )
    op.create_index("ix_absence_post_id", "absence", ["post_id"], unique=False)
    op.create_table(
        "change",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("old_byline", sa.String(length=1000), nullable=True),
        sa.Column("new_byline", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_change_batch_id_batch"),
        sa.ForeignKeyConstraint(["before_id"], ["revision.id"], name="fk_change_before_id_revision"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_change_revision_id_revision"),
        sa.PrimaryKeyConstraint("batch_id", "revision_id", name="pk_change"),
    )
    op.create_table(
        "gap",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=14), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name="fk_gap_reading_id_reading"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_gap_thread_id_thread"),
        sa.PrimaryKeyConstraint("reading_id", "thread_id", "parent", name="pk_gap"),
    )
    op.create_index("ix_gap_thread_id", "gap", ["thread_id"], unique=False)


def _create_sources() -> None:
    """Works, the citations that point to them, and what people decided on both."""
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=14), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("csl", sa.JSON(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("title_key", sa.String(length=16), nullable=True),
        sa.Column("family_key", sa.String(length=16), nullable=True),
        sa.Column("domain", sa.String(length=255), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("from_memory", sa.Integer(), nullable=False),
        _one_of("source", "kind", *_SOURCE_KINDS),
        sa.ForeignKeyConstraint(["merged_into_id"], ["source.id"], name="fk_source_merged_into_id_source"),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("public_id", name="uq_source_public_id"),
    )
    op.create_index("ix_source_family_key", "source", ["family_key"], unique=False)
    op.create_index("ix_source_title_key", "source", ["title_key"], unique=False)
    for name, columns in _SHOWN_SOURCES.items():
        op.create_index(name, "source", columns, unique=False, **_where("answers > 0"))
    op.create_table(
        "source_key",
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_source_key_source_id_source"),
        sa.PrimaryKeyConstraint("key", name="pk_source_key"),
    )
    op.create_index("ix_source_key_source_id", "source_key", ["source_id"], unique=False)
    op.create_table(
        "citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("csl", sa.JSON(), nullable=False),
        sa.Column("locator", sa.String(length=200), nullable=True),
        sa.Column("manner", sa.String(20), nullable=False),
        sa.Column("engine", sa.String(length=80), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        _one_of("citation", "manner", "consulted", "recalled", "cited via", "not read"),
        sa.ForeignKeyConstraint(["key"], ["source_key.key"], name="fk_citation_key_source_key"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_citation_post_id_post"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_citation_revision_id_revision"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_citation_thread_id_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_citation"),
        sa.UniqueConstraint("revision_id", "start", "end", "key", name="uq_citation_revision_id_start_end_key"),
    )
    op.create_index("ix_citation_key", "citation", ["key"], unique=False)
    op.create_index("ix_citation_post_id", "citation", ["post_id"], unique=False)
    op.create_index("ix_citation_thread_id", "citation", ["thread_id"], unique=False)
    _create_merges()
    _create_checks_and_traces()


def _create_merges() -> None:
    op.create_table(
        "source_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _one_of("source_merge", "act", "merge", "split", "dismiss", "undo"),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name="fk_source_merge_by_id_user_account"),
        sa.ForeignKeyConstraint(["other_id"], ["source.id"], name="fk_source_merge_other_id_source"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_source_merge_source_id_source"),
        sa.ForeignKeyConstraint(["undoes"], ["source_merge.id"], name="fk_source_merge_undoes_source_merge"),
        sa.PrimaryKeyConstraint("id", name="pk_source_merge"),
    )
    op.create_index("ix_source_merge_other_id", "source_merge", ["other_id"], unique=False)
    op.create_index("ix_source_merge_source_id", "source_merge", ["source_id"], unique=False)
    op.create_index("ix_source_merge_undoes", "source_merge", ["undoes"], unique=False)
    op.create_table(
        "merge_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_a", sa.String(length=500), nullable=False),
        sa.Column("key_b", sa.String(length=500), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        _one_of("merge_proposal", "state", "open", "merged", "dismissed"),
        sa.ForeignKeyConstraint(["key_a"], ["source_key.key"], name="fk_merge_proposal_key_a_source_key"),
        sa.ForeignKeyConstraint(["key_b"], ["source_key.key"], name="fk_merge_proposal_key_b_source_key"),
        sa.PrimaryKeyConstraint("id", name="pk_merge_proposal"),
        sa.UniqueConstraint("key_a", "key_b", name="uq_merge_proposal_key_a_key_b"),
    )
    op.create_index("ix_merge_proposal_key_b", "merge_proposal", ["key_b"], unique=False)
    op.create_index("ix_merge_proposal_open", "merge_proposal", ["id"], unique=False, **_where("state = 'open'"))


def _create_checks_and_traces() -> None:
    op.create_table(
        "citation_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("citation_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        _one_of("citation_check", "verdict", *_VERDICTS),
        sa.ForeignKeyConstraint(["citation_id"], ["citation.id"], name="fk_citation_check_citation_id_citation"),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["user_account.id"], name="fk_citation_check_moderator_id_user_account"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_citation_check_tag_id_tag"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_citation_check_thread_id_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_citation_check"),
    )
    op.create_index("ix_citation_check_citation_id", "citation_check", ["citation_id"], unique=False)
    op.create_index("ix_citation_check_thread_id", "citation_check", ["thread_id"], unique=False)
    op.create_table(
        "trace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("citation_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("identifier", sa.String(length=500), nullable=False),
        sa.Column("locator", sa.String(length=200), nullable=False),
        sa.Column("csl", sa.JSON(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("giver_name", sa.String(length=80), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        _one_of("trace", "state", "offered", "accepted", "declined", "withdrawn"),
        sa.ForeignKeyConstraint(["citation_id"], ["citation.id"], name="fk_trace_citation_id_citation"),
        sa.ForeignKeyConstraint(["decided_by"], ["user_account.id"], name="fk_trace_decided_by_user_account"),
        sa.ForeignKeyConstraint(["giver_id"], ["user_account.id"], name="fk_trace_giver_id_user_account"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_trace_post_id_post"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_trace_revision_id_revision"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_trace_tag_id_tag"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_trace_thread_id_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_trace"),
    )
    op.create_index("ix_trace_offered", "trace", ["id"], unique=False, **_where("state = 'offered'"))
    op.create_index("ix_trace_post_id", "trace", ["post_id"], unique=False)
    op.create_index("ix_trace_thread_id", "trace", ["thread_id"], unique=False)
    _create_attempts()


def _create_attempts() -> None:
    """How often somebody sent something in."""
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sent", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _one_of("attempt", "sent", *_SENT),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_sender_sent_at", "attempt", ["sender", "sent", "at"], unique=False)


def _create_bench() -> None:
    op.create_index("ix_post_drawn", "post", ["public_id"], unique=False, **_where(_WAITING))
    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        sa.Column("suggested", sa.String(20), nullable=True),
        sa.Column("suggestion_engine", sa.String(length=80), nullable=True),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("suggestion_seen", sa.Boolean(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("bulk_id", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stands", sa.Boolean(), nullable=False),
        _one_of("vote", "level", *_LEVELS),
        _one_of("vote", "suggested", *_LEVELS),
        _one_of("vote", "reason", *_REASON_CODES),
        sa.ForeignKeyConstraint(["moderator_id"], ["user_account.id"], name="fk_vote_moderator_id_user_account"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_vote_post_id_post"),
        sa.ForeignKeyConstraint(["replaces"], ["vote.id"], name="fk_vote_replaces_vote"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_vote_revision_id_revision"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_vote_thread_id_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_vote"),
    )
    op.create_index("ix_vote_post_id", "vote", ["post_id"], unique=False)
    op.create_index("ix_vote_bulk_id", "vote", ["bulk_id"], unique=False, **_where("bulk_id IS NOT NULL"))
    op.create_index("ix_vote_moderator_id_id", "vote", ["moderator_id", "id"], unique=False)
    op.create_index("ix_vote_done", "vote", ["moderator_id", "at"], unique=False, **_where("stands"))
    op.create_index("ix_vote_blind", "vote", ["suggestion_engine", "suggested"], unique=False, **_where("blind"))
    op.create_index("uq_vote_standing", "vote", ["revision_id", "moderator_id"], unique=True, **_where("stands"))
    op.create_table(
        "pending",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        _one_of("pending", "state", "unread", "wants vote", "disputed", "decided"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_pending_post_id_post"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_pending_revision_id_revision"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_pending_thread_id_thread"),
        sa.PrimaryKeyConstraint("post_id", name="pk_pending"),
    )
    op.create_index("ix_pending_state_since", "pending", ["state", "since", "post_id"], unique=False)
    op.create_table(
        "bench_rules",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("votes_needed", sa.Integer(), nullable=False),
        sa.Column("double_percent", sa.Integer(), nullable=False),
        sa.Column("showing", sa.String(20), nullable=False),
        sa.Column("uncertain_percent", sa.Integer(), nullable=False),
        sa.Column("random_percent", sa.Integer(), nullable=False),
        sa.Column("second_percent", sa.Integer(), nullable=False),
        sa.Column("audit_percent", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _one_of("bench_rules", "showing", "blind", "marks", "shown"),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name="fk_bench_rules_collection_id_collection"),
        sa.PrimaryKeyConstraint("collection_id", name="pk_bench_rules"),
    )
    op.create_table(
        "bench_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.Integer(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        _one_of("bench_act", "kind", "vote", "skip", "leave", "hold", "mark", "bulk", "decide"),
        sa.ForeignKeyConstraint(["moderator_id"], ["user_account.id"], name="fk_bench_act_moderator_id_user_account"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_bench_act_post_id_post"),
        sa.PrimaryKeyConstraint("id", name="pk_bench_act"),
    )
    op.create_index("ix_bench_act_moderator_id_id", "bench_act", ["moderator_id", "id"], unique=False)
    op.create_index("ix_bench_act_post_id", "bench_act", ["post_id"], unique=False)
    op.create_index("ix_bench_act_done", "bench_act", ["moderator_id", "at"], unique=False, **_where("NOT undone"))
    op.create_index("ix_bench_act_undone", "bench_act", ["moderator_id"], unique=False, **_where("undone AND NOT void"))
    op.create_table(
        "claim",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["user_account.id"], name="fk_claim_moderator_id_user_account"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_claim_post_id_post"),
        sa.PrimaryKeyConstraint("post_id", "moderator_id", name="pk_claim"),
    )
    op.create_index("ix_claim_moderator_id", "claim", ["moderator_id"], unique=False)
    _create_holds_and_notes()
    _create_bulks()


def _create_bulks() -> None:
    op.create_table(
        "bulk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=8000), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        _one_of("bulk", "level", *_LEVELS),
        _one_of("bulk", "reason", *_REASON_CODES),
        sa.ForeignKeyConstraint(["moderator_id"], ["user_account.id"], name="fk_bulk_moderator_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_bulk"),
    )
    op.create_index("ix_bulk_moderator_id", "bulk", ["moderator_id", "id"], unique=False)
    op.create_table(
        "mark",
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["user_account.id"], name="fk_mark_moderator_id_user_account"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_mark_post_id_post"),
        sa.PrimaryKeyConstraint("moderator_id", "post_id", name="pk_mark"),
    )
    op.create_index("ix_mark_post_id", "mark", ["post_id"], unique=False)


def _create_holds_and_notes() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name="fk_hold_by_id_user_account"),
        sa.ForeignKeyConstraint(["for_id"], ["user_account.id"], name="fk_hold_for_id_user_account"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_hold_post_id_post"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_hold_thread_id_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_index("ix_hold_for_id", "hold", ["for_id"], unique=False, **_where("ended_at IS NULL"))
    op.create_index("ix_hold_open", "hold", ["post_id"], unique=False, **_where("ended_at IS NULL"))
    op.create_table(
        "team_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name="fk_team_note_author_id_author"),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name="fk_team_note_by_id_user_account"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_team_note_post_id_post"),
        sa.PrimaryKeyConstraint("id", name="pk_team_note"),
    )
    op.create_index("ix_team_note_author_id", "team_note", ["author_id"], unique=False)
    op.create_index("ix_team_note_post_id", "team_note", ["post_id"], unique=False)


def _create_practice() -> None:
    op.create_table(
        "practice_answer",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _one_of("practice_answer", "level", *_LEVELS),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_practice_answer_user_id_user_account"),
        sa.PrimaryKeyConstraint("user_id", "round", "item", name="pk_practice_answer"),
    )


def _create_objections() -> None:
    """Objections to tags, and the public log."""
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expected", sa.String(length=20), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("locator", sa.String(length=200), nullable=False),
        sa.Column("identifier", sa.String(length=500), nullable=False),
        sa.Column("objector_name", sa.String(length=80), nullable=False),
        sa.Column("objector_id", sa.Integer(), nullable=True),
        sa.Column("by_author", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversal_id", sa.Integer(), nullable=True),
        _one_of("objection", "state", "open", "kept", "changed"),
        _one_of("objection", "expected", *_LEVELS),
        _one_of("objection", "outcome", *_LEVELS),
        sa.ForeignKeyConstraint(["answered_by"], ["user_account.id"], name="fk_objection_answered_by_user_account"),
        sa.ForeignKeyConstraint(["objector_id"], ["user_account.id"], name="fk_objection_objector_id_user_account"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_objection_post_id_post"),
        sa.ForeignKeyConstraint(["reversal_id"], ["tag.id"], name="fk_objection_reversal_id_tag"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_objection_revision_id_revision"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_objection_tag_id_tag"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_objection_thread_id_thread"),
        sa.PrimaryKeyConstraint("id", name="pk_objection"),
    )
    op.create_index("ix_objection_open", "objection", ["id"], unique=False, **_where("state = 'open'"))
    op.create_index("ix_objection_post_id", "objection", ["post_id"], unique=False)
    op.create_index("ix_objection_thread_id", "objection", ["thread_id"], unique=False)
    op.create_table(
        "log_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        sa.Column("objection_id", sa.Integer(), nullable=True),
        _one_of("log_entry", "act", "tag", "adjudication", "undo", "answer"),
        _one_of("log_entry", "level", *_LEVELS),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name="fk_log_entry_collection_id_collection"),
        sa.ForeignKeyConstraint(["moderator_id"], ["user_account.id"], name="fk_log_entry_moderator_id_user_account"),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name="fk_log_entry_objection_id_objection"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_log_entry_post_id_post"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_log_entry_revision_id_revision"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_log_entry_tag_id_tag"),
        sa.PrimaryKeyConstraint("id", name="pk_log_entry"),
    )
    for name in _LOGGED_BY:
        op.create_index(f"ix_log_entry_{name}", "log_entry", [name, "at", "id"], unique=False)
    op.create_index("ix_log_entry_at", "log_entry", ["at", "id"], unique=False)


def _create_codebook() -> None:
    op.create_table(
        "codebook_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("revisit", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name="fk_codebook_version_by_id_user_account"),
        sa.PrimaryKeyConstraint("number", name="pk_codebook_version"),
    )


def _create_takedowns() -> None:
    """What was taken down, by whom and why, and what stood there."""
    op.create_table(
        "takedown",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("post", sa.String(length=14), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.String(20), nullable=True),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("prints", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("lift_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        _one_of("takedown", "reason", *_REASONS),
        _one_of("takedown", "scope", "whole", "words"),
        _one_of("takedown", "state", "requested", "proposed", "in force", "declined", "lifted"),
        *(
            sa.ForeignKeyConstraint([column], ["user_account.id"], name=f"fk_takedown_{column}_user_account")
            for column in ("asked_by", "proposed_by", "decided_by", "lift_by")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_takedown"),
        sa.UniqueConstraint("token", name="uq_takedown_token"),
    )
    op.create_index("ix_takedown_post", "takedown", ["post"], unique=False)
    op.create_index("ix_takedown_state", "takedown", ["state", "id"], unique=False)
    op.create_index("ix_takedown_purged", "takedown", ["purged_at"], unique=False, **_where("purged_at IS NOT NULL"))
    op.create_table(
        "suppressed",
        sa.Column("takedown_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["takedown_id"], ["takedown.id"], name="fk_suppressed_takedown_id_takedown"),
        sa.PrimaryKeyConstraint("takedown_id", "fingerprint", name="pk_suppressed"),
    )
    op.create_index("ix_suppressed_fingerprint", "suppressed", ["fingerprint"], unique=False)
    _create_sealed()


_BESIDE = (
    "tag",
    "vote",
    "remark",
    "citation",
    "objection",
    "hold",
    "team note",
    "tag as given",
    "vote as given",
)


def _create_sealed() -> None:
    op.create_table(
        "sealed_text",
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("stands", sa.String(length=64), nullable=False),
        sa.Column("cuts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_sealed_text_revision_id_revision"),
        sa.PrimaryKeyConstraint("revision_id", name="pk_sealed_text"),
    )
    op.create_table(
        "sealed_name",
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("byline", sa.String(length=1000), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name="fk_sealed_name_author_id_author"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_sealed_name_post_id_post"),
        sa.PrimaryKeyConstraint("post_id", name="pk_sealed_name"),
    )
    op.create_table(
        "sealed_beside",
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("row", sa.String(length=40), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        _one_of("sealed_beside", "what", *_BESIDE),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_sealed_beside_post_id_post"),
        sa.PrimaryKeyConstraint("what", "row", name="pk_sealed_beside"),
    )
    op.create_index("ix_sealed_beside_post_id", "sealed_beside", ["post_id"], unique=False)
    op.create_table(
        "purged_stretch",
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("takedown_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["original"], ["original.sha256"], name="fk_purged_stretch_original_original"),
        sa.ForeignKeyConstraint(["takedown_id"], ["takedown.id"], name="fk_purged_stretch_takedown_id_takedown"),
        sa.PrimaryKeyConstraint("original", "offset", name="pk_purged_stretch"),
    )
    op.create_table(
        "purged_original",
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["original"], ["original.sha256"], name="fk_purged_original_original_original"),
        sa.PrimaryKeyConstraint("original", name="pk_purged_original"),
    )


def _create_searching() -> None:
    op.create_table(
        "search_form",
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("stem", sa.String(length=80), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("language", "stem", "word", name="pk_search_form"),
        sqlite_with_rowid=False,
    )


def _create_collection_pages() -> None:
    """What archivists say of collections, and under what sources file threads."""
    op.create_table(
        "collection_about",
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name="fk_collection_about_collection_id_collection"
        ),
        sa.PrimaryKeyConstraint("collection_id", name="pk_collection_about"),
    )
    op.create_table(
        "thread_topic",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name="fk_thread_topic_collection_id_collection"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_thread_topic_thread_id_thread"),
        sa.PrimaryKeyConstraint("thread_id", "topic", name="pk_thread_topic"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_thread_topic_topic", "thread_topic", ["collection_id", "topic", "thread_id"], unique=False)


def downgrade() -> None:
    """Drop everything."""

    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE revision_fts_words")
        op.execute("DROP TABLE revision_fts")
        op.execute("DROP VIEW revision_words")
    else:
        op.drop_index("ix_revision_text_search", table_name="revision_text")

    op.drop_table("search_form")
    op.drop_table("thread_topic")
    op.drop_table("collection_about")
    _drop_tokens()
    op.drop_table("codebook_version")
    op.drop_table("practice_answer")
    op.drop_table("log_entry")
    op.drop_index("ix_objection_open", table_name="objection", **_where("state = 'open'"))
    op.drop_table("objection")
    _drop_bench()
    _drop_takedowns()
    _drop_sources()
    op.drop_index("uq_trained_model_in_force", table_name="trained_model", **_where("in_force"))
    op.drop_table("trained_model")
    op.drop_index("ix_tag_post_id", table_name="tag")
    op.drop_index("ix_tag_moderator_id", table_name="tag")
    op.drop_index("ix_tag_level", table_name="tag")
    op.drop_table("tag")
    op.drop_index("ix_suggestion_engine_confidence", table_name="suggestion")
    op.drop_table("suggestion")
    op.drop_index("ix_sighting_revision_id", table_name="sighting")
    op.drop_table("sighting")
    op.drop_table("revision_text")
    op.drop_index("ix_naming_post_id", table_name="naming")
    op.drop_table("naming")
    op.drop_index("ix_mention_above", table_name="mention")
    op.drop_table("mention")
    op.drop_table("skip")
    op.drop_table("change")
    op.drop_index("ix_placement_was_thread_id", table_name="placement")
    op.drop_index("ix_placement_post_id", table_name="placement")
    op.drop_table("placement")
    op.drop_index(
        "ix_revision_subject",
        table_name="revision",
        sqlite_where=sa.text("subject IS NOT NULL"),
        postgresql_where=sa.text("subject IS NOT NULL"),
    )
    op.drop_index(
        "uq_revision_current",
        table_name="revision",
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.drop_index("ix_revision_batch_id_id", table_name="revision")
    op.drop_index("ix_revision_reading_id", table_name="revision")
    op.drop_table("revision")
    op.drop_table("resolution")
    op.drop_index(
        "ix_remark_quarantined",
        table_name="remark",
        sqlite_where=sa.text("kind = 'quarantined'"),
        postgresql_where=sa.text("kind = 'quarantined'"),
    )
    op.drop_index("ix_gap_thread_id", table_name="gap")
    op.drop_table("gap")
    op.drop_index("ix_absence_post_id", table_name="absence")
    op.drop_table("absence")
    op.drop_index(
        "ix_remark_cause",
        table_name="remark",
        sqlite_where=sa.text("kind = 'quarantined'"),
        postgresql_where=sa.text("kind = 'quarantined'"),
    )
    op.drop_index("ix_remark_batch_id_kind_number", table_name="remark")
    op.drop_table("remark")
    op.drop_index("ix_post_ghosts", table_name="post", **_where(_GHOSTS))
    op.drop_index("ix_post_question", table_name="post", **_where("kind = 'question'"))
    op.drop_index("ix_post_heads", table_name="post", **_where(_HEADS))
    op.drop_index("ix_post_traceable", table_name="post", **_where(_TRACEABLE))
    op.drop_index(
        "ix_post_waiting",
        table_name="post",
        sqlite_where=sa.text(_WAITING),
        postgresql_where=sa.text(_WAITING),
    )
    op.drop_index(
        "ix_post_shown",
        table_name="post",
        sqlite_where=sa.text("public"),
        postgresql_where=sa.text("public"),
    )
    op.drop_index("ix_post_thread_id_position", table_name="post")
    op.drop_index(
        "ix_post_shares",
        table_name="post",
        sqlite_where=sa.text("public AND kind = 'answer'"),
        postgresql_where=sa.text("public AND kind = 'answer'"),
    )
    op.drop_index(
        "ix_post_source_thread_id",
        table_name="post",
        sqlite_where=sa.text("source_thread_id IS NOT NULL"),
        postgresql_where=sa.text("source_thread_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_post_doubtful",
        table_name="post",
        sqlite_where=sa.text(_DOUBTFUL),
        postgresql_where=sa.text(_DOUBTFUL),
    )
    op.drop_index(
        "ix_post_cut",
        table_name="post",
        sqlite_where=sa.text("edge = 'cut'"),
        postgresql_where=sa.text("edge = 'cut'"),
    )
    op.drop_index("ix_post_decided", table_name="post", **_where(_DECIDED))
    op.drop_index("ix_post_by_author", table_name="post", **_where(_COUNTED))
    op.drop_table("post")
    op.drop_table("batch_order")
    op.drop_table("import_run")
    op.drop_table("upload")
    op.drop_table("arrival")
    op.drop_index("ix_batch_input_reading_id", table_name="batch_input")
    op.drop_index("ix_batch_input_original", table_name="batch_input")
    op.drop_table("batch_input")
    op.drop_table("user_role")
    op.drop_index("ix_thread_begun", table_name="thread", **_where("public"))
    op.drop_index("ix_thread_listed", table_name="thread")
    op.drop_table("thread")
    op.drop_table("reading")
    op.drop_index(op.f("ix_login_session_user_id"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_index("ix_ledger_entry_subject", table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index("ix_batch_inputs_digest", table_name="batch")
    op.drop_table("batch")
    op.drop_table("author")
    op.drop_table("user_account")
    op.drop_table("original")
    op.drop_index("ix_login_attempt_account_address_at", table_name="login_attempt")
    op.drop_table("login_attempt")
    op.drop_table("ledger_head")
    op.drop_table("collection")


def _drop_takedowns() -> None:
    """Everything that `_create_takedowns` made, the last first."""
    for table in (
        "purged_original",
        "purged_stretch",
        "sealed_beside",
        "sealed_name",
        "sealed_text",
        "suppressed",
        "takedown",
    ):
        op.drop_table(table)


def _drop_sources() -> None:
    """Everything that `_create_sources` made, the last first."""
    op.drop_table("attempt")
    op.drop_index("ix_trace_offered", table_name="trace", **_where("state = 'offered'"))
    op.drop_table("trace")
    op.drop_table("citation_check")
    op.drop_index("ix_merge_proposal_open", table_name="merge_proposal", **_where("state = 'open'"))
    op.drop_table("merge_proposal")
    op.drop_table("source_merge")
    op.drop_table("citation")
    op.drop_table("source_key")
    for name in _SHOWN_SOURCES:
        op.drop_index(name, table_name="source", **_where("answers > 0"))
    op.drop_table("source")


def _drop_bench() -> None:
    """Everything that `_create_bench` made, the last first."""
    for table in ("mark", "bulk", "team_note", "hold", "claim", "bench_act", "bench_rules", "pending", "vote"):
        op.drop_table(table)
    op.drop_index("ix_post_drawn", table_name="post", **_where(_WAITING))


def _create_tokens() -> None:
    """What people's programs show that they are theirs."""
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_api_token_user_id_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("token_sha256", name="uq_api_token_token_sha256"),
    )
    op.create_index("ix_api_token_user_id", "api_token", ["user_id"], unique=False)


def _drop_tokens() -> None:
    op.drop_table("api_token")
