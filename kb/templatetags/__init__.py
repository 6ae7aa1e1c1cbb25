"""Template tags of the knowledge base."""
