"""Mails that people are sent: rows first, then the worker, which asks rights again at the sending."""
