"""What the site says of itself to whoever comes: help, accessibility, personal data."""
