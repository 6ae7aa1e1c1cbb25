"""What the room tells others, inside the transaction: derived data follows."""

from django.dispatch import Signal

# Sent with `path`: the tree path of a branch that entered the trash, or came back.
branch_hidden_or_shown = Signal()
