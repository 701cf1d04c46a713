"""Random programs and what CPython prints for them: the lines of `tests/it/corpus.txt`.

    python3 random_programs.py            says which programs print something else than the corpus; exits with 1 if any
    python3 random_programs.py --accept   writes what they print into the corpus; the reference is CPython 3.13

Programs are data, as in `tests/it/random_program.rs`, and this is the same interpreter in asyncio. To add a program,
put its line (`> spawn 0; sleep 3 / get 0; yield`) into the corpus and accept. Programs whose tasks await each other in
a circle do not belong there: CPython ends a cancel of one with a RecursionError.
"""

import asyncio
import collections
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "cli" / "tests" / "oracle"))

import virtual_loop  # noqa: E402 (found by the line above)

CORPUS = HERE.parent / "it" / "corpus.txt"
TIES = ("heapq", "fifo", "lifo")


class Interpreter:
    """Runs one program and keeps the lines that it prints."""

    def __init__(self, bodies):
        self.bodies = bodies
        self.lines = []
        self.tasks = []
        self.names = {}
        self.children = collections.Counter()
        self.items = 0

    async def main(self):
        self.queues = [asyncio.Queue(), asyncio.Queue(maxsize=2)]
        self.names[asyncio.current_task()] = "main"
        await self.run_body(0)

    def write(self, text):
        self.lines.append(f"{time.perf_counter():.3f} {self.names[asyncio.current_task()]} {text}")

    def known(self, place):
        return self.tasks[place % len(self.tasks)] if self.tasks else None

    async def run_body(self, number):
        for place, (verb, *operands) in enumerate(self.bodies[number]):
            self.write(f"step {place}")
            if verb == "spawn":
                self.spawn(number + 1 + operands[0])
            else:
                await getattr(self, verb)(*operands)
        self.write("ends")

    def spawn(self, body):
        if body < len(self.bodies):
            parent = self.names[asyncio.current_task()]
            task = asyncio.create_task(self.run_body(body))
            self.names[task] = f"{parent}/task-{self.children[parent]}"
            self.children[parent] += 1
            self.tasks.append(task)

    async def sleep(self, quarters):
        await asyncio.sleep(quarters * 0.25)

    async def block(self, quarters):
        time.sleep(quarters * 0.25)

    async def put(self, queue):
        self.items += 1
        item = self.items
        await self.queues[queue].put(item)
        self.write(f"put {item} into {queue}")

    async def get(self, queue):
        item = await self.queues[queue].get()
        self.write(f"got {item} from {queue}")

    async def getnow(self, queue):
        try:
            item = self.queues[queue].get_nowait()
        except asyncio.QueueEmpty:
            return
        self.write(f"got {item} from {queue}")

    async def cancel(self, place):
        if task := self.known(place):
            self.write(f"cancelled {self.names[task]}: {str(task.cancel()).lower()}")

    async def join(self, place):
        task = self.known(place)
        if task is None or task is asyncio.current_task():
            return
        await outcome(task)
        self.write(f"joined {'Err(Cancelled)' if task.cancelled() else 'Ok(())'}")

    async def gather(self, first, count):
        tasks = [task for place in range(first, first + count) if (task := self.known(place))]
        if await outcome(asyncio.gather(*tasks)):
            self.write(f"gathered Ok([{', '.join('()' for _ in tasks)}])")
        else:
            self.write("gathered Err(Cancelled)")

    async def catch(self, quarters):
        try:
            await asyncio.sleep(quarters * 0.25)
            self.write("slept Ok(())")
        except asyncio.CancelledError:
            forget_cancels()
            self.write("slept Err(Cancelled)")


setattr(Interpreter, "yield", lambda self: asyncio.sleep(0))


async def outcome(future):
    """Whether a future ended well. In Rust its being cancelled is a value; a cancel of the waiting task is raised."""
    if not future.done():
        try:
            await future
            forget_cancels()
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():
                raise
    return not future.cancelled() and future.exception() is None


def forget_cancels():
    """The task has swallowed its cancels, or what it awaited has."""
    task = asyncio.current_task()
    while task.cancelling():
        task.uncancel()


def parse(line):
    """The bodies of a program."""
    bodies = [[step.split() for step in body.split(";") if step.strip()] for body in line.split("/")]
    return [[(verb, *map(int, operands)) for verb, *operands in body] for body in bodies]


def section(line):
    """A program's section of the corpus."""
    text, before = f"> {line}\n", None
    for ties in TIES:
        interpreter = Interpreter(parse(line))
        ending = virtual_loop.observe(lambda: asyncio.run(interpreter.main()), ties=ties).ending
        printed = "".join(f"{printed}\n" for printed in interpreter.lines)
        text += f"= {ties} {ending} same\n" if printed == before else f"= {ties} {ending}\n{printed}"
        before = printed
    return text


def main():
    """See above."""
    sections = ["> " + kept for kept in CORPUS.read_text().split("> ")[1:]]
    seen = [section(kept.splitlines()[0].removeprefix("> ")) for kept in sections]
    if sys.argv[1:] == ["--accept"]:
        CORPUS.write_text("".join(seen))
        return 0
    differing = [kept.splitlines()[0] for kept, new in zip(sections, seen, strict=True) if kept != new]
    print("\n".join(f"differs: {line}" for line in differing) or "all as kept")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
