"""A real Elasticsearch 9.5.3, started by the tests from its own jars, on loopback: see `server.py`."""
