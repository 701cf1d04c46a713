"""The law of order, as CPython keeps it: what each probing program prints, kept as data in `order.json`.

    python3 order.py            says which programs print something else than order.json; exits with 1 if there are any
    python3 order.py --accept   writes order.json; the reference is CPython 3.13

order.json holds, by name: `law` (the sentences of the law that the program pins), `since` (the oldest Python that prints
the same), `print_cost`, and for each tie rule the printed `lines` and the `ending`.
"""

import json
import pathlib
import platform
import sys

import virtual_loop
from probes import PROBES, cancelling, endings, primitives, sets, timers, turns  # noqa: F401 (they register)

PROGRAMS = {name: probe.function for name, probe in PROBES.items()}
KEPT = pathlib.Path(__file__).with_name("order.json")
TIES = ("heapq", "fifo")


def observed(probe):
    """What a probe does under each tie rule."""
    runs = {}
    for ties in TIES:
        observation = virtual_loop.observe(probe.function, ties=ties, print_cost=probe.print_cost)
        runs[ties] = {"lines": observation.output.splitlines(), "ending": observation.ending}
    return runs


def record(probe):
    """What order.json keeps of a probe."""
    since = ".".join(map(str, probe.since))
    return {"law": probe.law, "since": since, "print_cost": probe.print_cost, "runs": observed(probe)}


def accept():
    """Writes order.json."""
    data = {"python": platform.python_version(), "programs": {name: record(probe) for name, probe in PROBES.items()}}
    KEPT.write_text(json.dumps(data, indent=1) + "\n")


def differing():
    """The names of the probes that print something else here than what is kept."""
    kept = json.loads(KEPT.read_text())["programs"]
    applicable = {name: probe for name, probe in PROBES.items() if sys.version_info[:2] >= probe.since}
    missing = sorted(kept.keys() ^ PROBES.keys())
    return missing + [
        name for name, probe in applicable.items() if name in kept and observed(probe) != kept[name]["runs"]
    ]


def main():
    """See above."""
    if sys.argv[1:] == ["--accept"]:
        accept()
        return 0
    names = differing()
    print("\n".join(f"differs: {name}" for name in names) or "all as kept")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
