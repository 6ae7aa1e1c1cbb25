"""Questions of the members to the rapporteur of an item, and their answers."""
