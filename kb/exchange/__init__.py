"""What comes in from files and mails, and what goes out as files."""
