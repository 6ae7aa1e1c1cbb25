"""The invented commune that shows the product: its people, pages, files and a year of history."""

from django.dispatch import Signal

# The pages and the rights are there, in the loading's transaction: floors above tell their part of the year. `history`.
town_told = Signal()
