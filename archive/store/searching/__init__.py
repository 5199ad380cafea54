"""Full-text search: FTS5 on SQLite, tsvector on PostgreSQL, the same posts for the same search on both."""
