"""Runs an asyncio program on a virtual clock: CPython's own loop, whose selector skips to the next timer.

Nothing is watched and nothing is put in order, so that it is as fast as CPython can be.
"""

import asyncio
import runpy
import sys
import time


class SkippingSelector:
    def __init__(self, loop):
        self.loop = loop

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError("no task can run, and no timer is pending")
        if timeout > 0:
            self.loop.now = self.loop._scheduled[0]._when
        return ()


class VirtualLoop(asyncio.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self.now = 0.0
        self._selector = SkippingSelector(self)

    def time(self):
        return self.now

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


loop = VirtualLoop()
asyncio.new_event_loop = asyncio.events.new_event_loop = lambda: loop
time.monotonic = time.perf_counter = loop.time
runpy.run_path(sys.argv[1], run_name="__main__")
