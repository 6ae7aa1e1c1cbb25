"""What refuses a deed on a sitting."""


class Refused(Exception):
    """A deed that cannot be done; the message is a French sentence with its way out."""
