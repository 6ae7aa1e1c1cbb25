"""Backups: one archive with hashes, taken while the site is used, restored elsewhere as the same site."""
