"""What machines take of the acts: SCDL, attendance, the archive for the site the town already has."""
