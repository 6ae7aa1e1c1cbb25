"""Access: who was given what on which page, and where inheritance stops."""
