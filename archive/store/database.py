"""Flask-SQLAlchemy's session over a base that knows no Flask."""

from flask_sqlalchemy import SQLAlchemy

from archive.store.base import Base

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
