"""Search: derived data that can be dropped and rebuilt. Stands on kb and council; nobody imports it.

The front door is `search.queries.search(query, viewer)`; `search.entries` says what the index holds.
"""
