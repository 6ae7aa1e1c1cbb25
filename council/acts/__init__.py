"""What a sitting leaves in writing: its délibérations with their numbers, and every legal paper drawn from its events."""
