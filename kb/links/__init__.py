"""Links between pages: [[wiki links]], backlinks, pages to create."""
