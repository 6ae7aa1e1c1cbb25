"""What refuses a deed: one class for every room, so that a screen may do the deed of another and still say why not."""


class Refused(Exception):
    """A deed that cannot be done; the message is a French sentence with its way out."""
