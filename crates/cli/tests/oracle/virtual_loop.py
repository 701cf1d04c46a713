"""CPython's own asyncio on virtual time: the reference for the order in which things happen.

asyncio keeps its own loop, heap of timers, tasks and primitives. Only these are ours: the selector, which never
looks at a file descriptor and skips to the earliest timer instead of waiting; the clock; the comparison of
two timers when the tie rule is not CPython's own; and the sets of `ordered.py`.

    observation = observe(program, ties="fifo", seed=444, params={"nprod": 2, "ncon": 10})
    observation.output, observation.ending

`program` is an ordinary function that calls `asyncio.run`; inside of it `time.perf_counter()` and its like read
virtual seconds, `time.sleep()` blocks in virtual time, `print()` is captured. Many programs can be observed in one
process: each gets a fresh loop, generator and clock, and leaves nothing behind.

For CPython 3.11 to 3.13.
"""

import asyncio
import builtins
import contextlib
import dataclasses
import gc
import io
import itertools
import math
import random
import sys
import time
import warnings

import ordered
from session import Deadlock, Session

# The resolution of CLOCK_MONOTONIC on Linux: asyncio lets a timer fire when it is due within this time.
RESOLUTION = 1e-9
# How many programs are observed between two collections of reference cycles: so few that what they have left is still in
# the processor's cache.
COLLECT_EVERY = 32


@dataclasses.dataclass(frozen=True, slots=True)
class Observation:
    """What a program did: what it printed, how it ended, and the virtual time at its end in seconds.

    `ending` is `finished`, `deadlock`, `livelock`, `limit` or `failed: TypeName: message`.
    """

    output: str
    ending: str
    now: float


class _FifoTimer(asyncio.TimerHandle):
    """A timer that knows when it was scheduled: of equal deadlines the first one scheduled fires first."""

    __slots__ = ("_number",)
    _numbers = itertools.count()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._number = next(self._numbers)

    def __lt__(self, other):
        if self._when == other._when:
            return self._number < other._number
        return self._when < other._when


class _LifoTimer(_FifoTimer):
    """Of equal deadlines the last one scheduled fires first."""

    __slots__ = ()
    _numbers = itertools.count(0, -1)


TIMERS = {"heapq": asyncio.TimerHandle, "fifo": _FifoTimer, "lifo": _LifoTimer}


class _SkippingSelector:
    """Stands where asyncio waits for the operating system: skips to the next timer instead."""

    def __init__(self, loop, session):
        self._loop = loop
        self._session = session

    def select(self, _timeout):
        loop, session = self._loop, self._session
        session.begin_turn()
        if not loop._ready and not loop._stopping:
            deadline = loop._scheduled[0]._when if loop._scheduled else math.inf
            if deadline == math.inf:
                session.stop(Deadlock("no task can run, and no timer will ever fire"))
            session.jump_to(deadline)
        # Beyond half a year a nanosecond is lost in the last digit of a float, and a timer would never
        # count as due; on a real clock time moves on by itself.
        loop._clock_resolution = max(RESOLUTION, math.ulp(session.now))
        return ()


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio's event loop without an operating system below it."""

    def __init__(self, session):
        super().__init__()
        self._session = session
        self._selector = _SkippingSelector(self, session)
        self._asyncgens = ordered.OrderedWeakSet()
        self.set_exception_handler(lambda loop, context: None)

    def time(self):
        return self._session.now

    def create_task(self, coro, *, name=None, **kwargs):
        # asyncio counts its default names over the whole process: here every program begins with Task-1.
        task = super().create_task(coro, name=name or next(self._session.task_names), **kwargs)
        self._session.add_task(task)
        return task

    def run_in_executor(self, executor, function, *args):
        raise NotImplementedError("a thread has no place in virtual time")

    def _check_closed(self):
        """A coroutine that is closed after a stopped run may still arm a timer: it does no harm, and an error might."""

    def _process_events(self, event_list):
        """There is nothing to process: the selector never reports a file."""

    def _write_to_self(self):
        """Nobody sleeps in a selector that would have to be woken."""


@contextlib.contextmanager
def _replaced(replacements):
    """Puts values into modules, and takes them out again."""
    before = [(module, name, name in vars(module), vars(module).get(name)) for module, name, _ in replacements]
    for module, name, value in replacements:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, existed, value in reversed(before):
            if existed:
                setattr(module, name, value)
            else:
                delattr(module, name)


def _replacements(session, timer, print_cost):
    def new_event_loop():
        return VirtualLoop(session)

    def costly_print(*args, __print=builtins.print, **kwargs):
        __print(*args, **kwargs)
        session.advance_to(session.now + print_cost)

    clocks = [(time, name, session.time) for name in ("perf_counter", "monotonic", "time")]
    return [
        *clocks,
        (time, "sleep", session.block),
        (asyncio, "new_event_loop", new_event_loop),
        (asyncio.events, "new_event_loop", new_event_loop),
        (asyncio.events, "TimerHandle", timer),
        *([(builtins, "print", costly_print)] if print_cost else []),
        (sys, "stdout", session.output),
        (sys, "stderr", io.StringIO()),
        (sys, "unraisablehook", lambda unraisable: None),
        *ordered.replacements(session.all_tasks),
    ]


def _ending(session, program, params):
    try:
        program(**params)
    except KeyboardInterrupt:
        raise
    except BaseException as problem:
        if session.stopped is None:
            text = str(problem)
            return f"failed: {type(problem).__name__}" + (f": {text}" if text else "")
    return session.stopped.ending if session.stopped else "finished"


_observed = itertools.count(1)


def observe(program, *, ties="heapq", print_cost=0.0, seed=0, params=None, **limits):
    """Calls `program(**params)` in virtual time and says what it did; an exception in it is part of the answer.

    `ties` is `heapq` (CPython as it is), `fifo` or `lifo`; `print_cost` is in virtual seconds, charged after each print;
    `seed` seeds the module `random`; `limits` are those of `Session`.
    """
    if ties not in TIMERS:
        raise ValueError(f"ties is one of {', '.join(TIMERS)}, not {ties!r}")
    session = Session(**limits)
    generator = random.getstate()
    collecting = gc.isenabled()
    # A collection in the middle of a run would close dropped generators at moments that depend on the allocator.
    gc.disable()
    try:
        with _replaced(_replacements(session, TIMERS[ties], print_cost)), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            random.seed(seed)
            ending = _ending(session, program, params or {})
            now, output = session.now, session.output.getvalue()
            sys.stdout = io.StringIO()
            session.abandon_tasks()
            if next(_observed) % COLLECT_EVERY == 0:
                gc.collect()
    finally:
        random.setstate(generator)
        if collecting:
            gc.enable()
    return Observation(output, ending, now)


def run(program, *, ties="heapq", print_cost=0.0, seed=0, params=None):
    """What `program(**params)` prints, however it ends. See `observe`."""
    return observe(program, ties=ties, print_cost=print_cost, seed=seed, params=params).output
