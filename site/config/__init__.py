"""Settings, URLs and WSGI entry: this package sees every room, and nobody imports it."""
