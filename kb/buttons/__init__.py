"""The personal button of an élu: a link in a mail that signs in, without a password ever."""
