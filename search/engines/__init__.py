"""The engines behind one contract (`contract.py`): SQLite's FTS5, PostgreSQL's full text, Elasticsearch."""
