"""Knowledge pages: their types, their saving and publication, their history, their place in the tree."""
