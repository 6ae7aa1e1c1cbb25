"""Sittings in people's own calendars."""
