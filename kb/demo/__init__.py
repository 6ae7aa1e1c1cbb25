"""The invented commune that shows the product: its people, pages, files and a year of history."""
