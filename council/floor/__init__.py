"""The sitting itself: what happened in the room, noted once, from which the engine tells presence, quorum and votes."""
