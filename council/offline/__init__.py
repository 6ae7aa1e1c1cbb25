"""A sitting kept on a tablet, read without a network, and notes that only their author can read."""
