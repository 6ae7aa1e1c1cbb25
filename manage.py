#!/usr/bin/env python
"""Django's command line, with the two source roots (the repository and site/) on the path."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:  # a setting of the town's (PORT, BASE_URL…): its sentence is enough
        sys.exit(f"Réglage à corriger : {wrong}")


if __name__ == "__main__":
    main()
