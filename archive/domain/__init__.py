"""Plain Python: what the archive's words mean. No Flask, no SQLAlchemy, no disk, no clock."""
