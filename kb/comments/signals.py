"""What the room tells others, once it is written: notices and digests listen."""

from django.dispatch import Signal

# Sent on commit, with `comment` (PageComment), `answer` (CommentAnswer or None), `by` (who did it) and
# `event`: "written", "answered", "resolved", "reopened", "edited", "withdrawn", "opened", "closed".
comment_changed = Signal()

# Sent on commit, with `invitation` (DraftInvitation), `by`, and `event`: "invited" or "ended".
invitation_changed = Signal()
