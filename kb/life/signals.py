"""What the room tells others, inside the transaction: derived data follows."""

from django.dispatch import Signal

# Sent with `path`: the tree path of a branch that was archived, or is no more.
branch_archived_or_not = Signal()
