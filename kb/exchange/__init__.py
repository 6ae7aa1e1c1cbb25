"""Files in and out: Word, ODT and mails become pages; pages become PDF, Word and ODT."""
