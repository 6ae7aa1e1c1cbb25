"""What is frozen when a sitting is convened, and what may still change: a piece, a text, an item added in time."""
