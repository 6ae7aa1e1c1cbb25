"""What the room tells others."""

from django.dispatch import Signal

# Sent after commit with `sha256`: the text of these bytes was read, read again, or grew by pages recognised.
# `queries.text_of(sha256)` gives it. A receiver that fails is logged and stops nothing.
text_extracted = Signal()
