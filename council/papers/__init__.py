"""What is printed of a sitting, and bound."""
