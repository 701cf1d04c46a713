"""What one observed program is given in place of the world: a clock, its tasks in order, and an end if it has none."""

import asyncio
import io
import itertools
import math
import sys

import ordered

# Observed programs are small: beyond these they are taken to run for ever.
TURNS_AT_ONE_INSTANT = 100_000
TURNS = 1_000_000
# Coroutines that swallow even their closing, kept for ever: to drop one is to let it run once more, without a loop.
_UNCLOSABLE = []


class Stopped(Exception):
    """The run was stopped from outside of the program; nothing of the program runs after this."""

    ending = "stopped"


class Deadlock(Stopped):
    """No task can run and no timer is pending: asyncio would wait for ever."""

    ending = "deadlock"


class Livelock(Stopped):
    """Turn follows turn, and time does not move."""

    ending = "livelock"


class LimitReached(Stopped):
    """The run took more turns than any program that ends should."""

    ending = "limit"


class Session:
    """What the loops of one observed program share: the clock, the tasks, and what was printed."""

    def __init__(self, turns_at_one_instant=TURNS_AT_ONE_INSTANT, latest=math.inf):
        self._most_turns_here = turns_at_one_instant
        self._latest = latest
        self.now = 0.0
        self.output = io.StringIO()
        self.stopped = None
        self.task_names = map("Task-{}".format, itertools.count(1))
        self.tasks = []
        self._worth_sweeping = 1024
        self._turns = itertools.count(1)
        self._turns_here = 0

    def time(self):
        """The virtual time in seconds since the program began."""
        return self.now

    def advance_to(self, instant):
        """Moves the clock forward to `instant`, never back."""
        if instant > self.now:
            self.now = instant
            self._turns_here = 0

    def jump_to(self, deadline):
        """Moves the clock in a turn in which nothing is ready: it is the first one at that instant."""
        if deadline > self._latest:
            self.stop(LimitReached(f"beyond {self._latest} s"))
        if deadline > self.now:
            self.now = deadline
            self._turns_here = 1

    def block(self, seconds):
        """Lets time pass while nobody runs, as `time.sleep` does."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.advance_to(self.now + seconds)

    def begin_turn(self):
        """Counts a turn; raises `Stopped` where the run has gone on for too long, or was stopped before."""
        if self.stopped:
            # The runner cancels the tasks that are left by running the loop again. Nothing may run then.
            raise self.stopped
        # As timeskip does, this looks back at the turn that is over: a step of it may have blocked.
        if self._turns_here > self._most_turns_here:
            self.stop(Livelock(f"more than {self._most_turns_here} turns at {self.now} s"))
        if self.now > self._latest:
            self.stop(LimitReached(f"beyond {self._latest} s"))
        self._turns_here += 1
        if next(self._turns) > TURNS:
            self.stop(LimitReached(f"more than {TURNS} turns"))

    def stop(self, reason):
        """Ends the run here and now: what the program prints after this is not part of its output."""
        self.stopped = reason
        sys.stdout = io.StringIO()
        raise reason

    def add_task(self, task):
        """Remembers a task, in order of creation. asyncio itself keeps tasks only by weak references."""
        self.tasks.append(task)
        if len(self.tasks) > self._worth_sweeping:
            self.tasks = [task for task in self.tasks if not task.done()]
            self._worth_sweeping = max(1024, 2 * len(self.tasks))

    def all_tasks(self, loop=None):
        """`asyncio.all_tasks`, in order of creation."""
        loop = loop or asyncio.get_running_loop()
        return ordered.OrderedSet(task for task in self.tasks if not task.done() and task.get_loop() is loop)

    def abandon_tasks(self):
        """Closes the coroutines that a stopped run has left, so that they cannot speak up in a later one."""
        for task in self.tasks:
            if not task.done():
                task._log_destroy_pending = False
                # What a cleanup awaits asks for the running loop, and gets the one it began under.
                asyncio._set_running_loop(task.get_loop())
                try:
                    task.get_coro().close()
                except BaseException:
                    _UNCLOSABLE.append(task)
                finally:
                    asyncio._set_running_loop(None)
        self.tasks.clear()
