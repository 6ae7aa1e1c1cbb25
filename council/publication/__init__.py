"""What becomes of a signed act: its sending to the préfet, its publication, its public version, the open data."""
