"""Pouvoirs: a member lets another vote for him, by a written document that names holder and sitting (L2121-20)."""
