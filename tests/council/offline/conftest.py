"""The council that convenes."""

from tests.council.convening.conftest import convening  # noqa: F401
