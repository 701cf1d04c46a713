"""Small programs whose printed order pins one sentence of the law of order each."""

import asyncio
import dataclasses
import typing

PROBES = {}


@dataclasses.dataclass(frozen=True)
class Probe:
    """A probing program, the sentences of the law that it pins, and the oldest Python that prints the same as 3.13."""

    function: typing.Callable[[], None]
    law: tuple[int, ...]
    since: tuple[int, int]
    print_cost: float


def probe(*law, since=(3, 11), print_cost=0.0):
    """Registers an async main function as a probe under its name."""

    def register(main):
        PROBES[main.__name__] = Probe(lambda: asyncio.run(main()), law, since, print_cost)
        return main

    return register


def now():
    """The virtual time, in seconds."""
    return asyncio.get_running_loop().time()


async def ticker(turns):
    """Prints its number in every turn, so that others can be seen to print between two turns."""
    for turn in range(turns):
        print(f"tick {turn}")
        await asyncio.sleep(0)


async def value(result):
    """Returns at once."""
    return result


async def say(text, seconds):
    """Sleeps, then prints."""
    await asyncio.sleep(seconds)
    print(text)
    return text


async def say_cancelled(text, awaited):
    """Awaits, and says so when it is cancelled meanwhile."""
    try:
        await awaited
    except asyncio.CancelledError:
        print(f"{text} cancelled")
        raise
