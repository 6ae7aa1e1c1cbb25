"""Search: derived data that can be dropped and rebuilt. Stands on kb and council; nobody imports it."""
