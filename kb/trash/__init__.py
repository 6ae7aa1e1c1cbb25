"""The trash: what is deleted is hidden from everybody, whole and in its place, and comes back in one click."""
