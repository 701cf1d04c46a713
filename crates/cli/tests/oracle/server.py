"""Answers questions about CPython over a pipe, so that a test starts the interpreter once and not once a program.

One request a line on stdin, one answer a line on stdout, both JSON:

    {"hello": true}
    -> {"python": "3.13.0", "programs": ["asyncq", ...]}
    {"program": "asyncq", "ties": "fifo", "seed": 7, "print_cost": 0.0, "params": {"nprod": 2, "ncon": 10}}
    -> {"output": "...", "ending": "finished", "now": 23.0}
    {"source": "import asyncio ...", "ties": "heapq"}
    -> the same, for a whole program given as text, run as `__main__`

`turns_at_one_instant` and `latest` bound a run: turns without time moving, and virtual seconds.
All but `program` or `source` may be left out. `ending` is `finished`, `deadlock`, `livelock`, `limit` or
`failed: TypeName: message`. A request that cannot be understood is answered with `{"error": "..."}`.
"""

import gc
import io
import json
import os
import platform
import sys
import warnings

import order
import programs
import virtual_loop

OPTIONS = {"ties", "seed", "print_cost", "params", "turns_at_one_instant", "latest"}


def program_of(request):
    """The function that a request asks for, and the options it is to be observed under."""
    request = dict(request)
    if "source" in request:
        with warnings.catch_warnings():
            # What the compiler warns of is no good program.
            warnings.simplefilter("error")
            code = compile(request.pop("source"), "<source>", "exec")

        def function():
            exec(code, {"__name__": "__main__"})
    else:
        name = request.pop("program")
        function = programs.PROGRAMS.get(name) or order.PROGRAMS.get(name)
        if function is None:
            raise LookupError(f"there is no program named {name!r}")
    unknown = sorted(request.keys() - OPTIONS)
    if unknown:
        raise LookupError(f"a request has no field named {unknown[0]!r}")
    return function, request


def answer(line):
    """The answer to one line, as a value for JSON."""
    try:
        request = json.loads(line)
        if "hello" in request:
            return {"python": platform.python_version(), "programs": sorted(programs.PROGRAMS | order.PROGRAMS)}
        function, options = program_of(request)
        observation = virtual_loop.observe(function, **options)
    except Exception as problem:
        return {"error": f"{type(problem).__name__}: {problem}"}
    return {"output": observation.output, "ending": observation.ending, "now": observation.now}


def main():
    """Answers until stdin ends."""
    answers, sys.stdout = sys.stdout, io.StringIO()
    # Dropped generators are closed by virtual_loop, in its own time: never between two answers.
    gc.disable()
    # What there is by now stays for good: no collection has to look at it again.
    gc.freeze()
    for line in sys.stdin:
        answers.write(json.dumps(answer(line)) + "\n")
        answers.flush()
    # Not by way of the interpreter's own end, which would drop what observed programs have left behind.
    os._exit(0)


if __name__ == "__main__":
    main()
