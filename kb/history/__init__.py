"""Revision history for readers: who, when, why, and the difference of any two revisions in words."""
