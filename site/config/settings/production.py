"""What `make run` serves."""

from config.settings.base import *  # noqa: F403
