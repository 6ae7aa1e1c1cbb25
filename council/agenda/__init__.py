"""Sittings and what is on their agenda, before the convocation."""
