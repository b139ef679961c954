"""Tables, engine, migrations: the only room that knows SQLAlchemy's dialects."""
