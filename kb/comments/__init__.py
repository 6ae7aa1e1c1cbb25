"""Comments on what a page says, for who may comment; and the drafts one is invited to read."""
