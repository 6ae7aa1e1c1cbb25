"""Passing a link on, and asking for access: what lets people ask each other instead of sending files."""
