"""What an item carries besides its text, where it comes from, and the circuit that it goes through."""
