"""Where CPython iterates a set of tasks: the order given, else the order of creation. See ordered.py."""

import asyncio

from probes import now, probe, say, say_cancelled, value


@probe(6)
async def a_failing_group_cancels_in_the_order_of_creation():
    async def fail():
        await asyncio.sleep(1)
        raise ValueError("bad")

    try:
        async with asyncio.TaskGroup() as group:
            for number in range(3):
                group.create_task(say_cancelled(f"sibling {number}", asyncio.sleep(9)))
            group.create_task(fail())
            for number in range(3, 6):
                group.create_task(say_cancelled(f"sibling {number}", asyncio.sleep(9)))
    except* ValueError as problems:
        print(len(problems.exceptions), "failed at", now())


@probe(6)
async def as_completed_starts_in_the_order_given():
    async def worker(number):
        print("started", number)
        await asyncio.sleep(number % 3)
        return number

    for completed in asyncio.as_completed([worker(number) for number in range(6)]):
        print("completed", await completed)


@probe(6)
async def as_completed_of_finished_tasks():
    tasks = [asyncio.create_task(value(number)) for number in range(6)]
    await asyncio.sleep(1)
    for completed in asyncio.as_completed(reversed(tasks)):
        print(await completed)


@probe(6)
async def wait_gives_its_sets_in_the_order_given():
    tasks = [asyncio.create_task(say(number, 1 + number % 2), name=f"task {number}") for number in range(6)]
    done, pending = await asyncio.wait(reversed(tasks), return_when=asyncio.FIRST_COMPLETED)
    for kind, some in (("done", done), ("pending", pending)):
        print(kind, [task.get_name() for task in some])
    done, pending = await asyncio.wait(pending, timeout=0.5)
    print(len(done), len(pending), "at", now())
    done, pending = await asyncio.wait(pending)
    print([task.get_name() for task in done], "at", now())


@probe(6)
async def all_tasks_in_the_order_of_creation():
    for number in range(4):
        asyncio.create_task(asyncio.sleep(number), name=f"sleep {number}")
    await asyncio.sleep(1.5)
    print([task.get_name() for task in asyncio.all_tasks()])
