"""Décisions of the maire by delegation (L2122-22): their form, their number, and the report to the next sitting."""
