"""Drafts become trusted pages: circuits, the desk « À valider », advice before submission, approval by mail."""
