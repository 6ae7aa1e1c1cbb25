"""The municipal council: sittings, agenda, votes and papers. Stands on kb; kb never names it."""
