"""The town and the people in it: accounts, groups, signing in."""
