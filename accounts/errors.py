"""What can go wrong with accounts. Imports nothing."""


class PhoneTaken(Exception):
    """Somebody already signs in with this phone number."""


class UnknownScope(Exception):
    """A token was asked for something no token can do."""
