"""The scenarios of the repository as ordinary asyncio programs, for CPython to run.

Each function is one program under the name of its scenario file, with the same parameters, and prints the same lines.
Where a scenario hands out random hexadecimal items, these programs name the items `item-0`, `item-1` ... in order of
creation, since the bytes have no influence on anything: a test renames the others in order of first appearance.
"""

PROGRAMS = {}


def program(function):
    """Registers a program under its name."""
    PROGRAMS[function.__name__] = function
    return function


# They need what is above, and register themselves.
from programs import callbacks, described, groups, listed, locking  # noqa: E402, F401
