"""How a run ends, and what still prints."""

import asyncio

from probes import now, probe, say_cancelled, ticker


async def generate(name, count):
    try:
        for number in range(count):
            yield number
            await asyncio.sleep(1)
    finally:
        print(name, "is closed at", now())
        await asyncio.sleep(0)
        print(name, "has ended")


@probe(8)
async def what_is_left_is_cancelled_in_the_order_of_creation():
    async def worker(name, seconds):
        try:
            await asyncio.sleep(9)
        except asyncio.CancelledError:
            print(name, "cancelled at", now())
            await asyncio.sleep(seconds)
            print(name, "cleaned up at", now())

    tasks = [asyncio.create_task(worker(name, seconds)) for name, seconds in (("a", 2), ("b", 0), ("c", 1))]
    asyncio.create_task(say_cancelled("waits for a", tasks[0]))
    await asyncio.sleep(1)
    print("main returns")


@probe(8)
async def a_task_that_has_not_begun_when_main_returns():
    # The turn in which main ends is the last: a task made ready by then gets one turn, and no more.
    asyncio.create_task(ticker(5))
    await asyncio.sleep(0)
    asyncio.create_task(say_cancelled("late", asyncio.sleep(1)))
    print("main returns")


@probe(8)
async def a_task_created_in_a_cleanup():
    async def worker():
        try:
            await asyncio.sleep(9)
        finally:
            asyncio.create_task(ticker(9))
            await asyncio.sleep(0)
            print("cleaned up")

    asyncio.create_task(worker())
    await asyncio.sleep(1)


@probe(8)
async def a_failure_of_main_cancels_the_rest():
    asyncio.create_task(say_cancelled("other", asyncio.sleep(9)))
    await asyncio.sleep(1)
    print("main fails")
    raise ValueError("bad")


@probe(8)
async def a_failed_task_that_nobody_awaits():
    async def fail():
        raise ValueError("unheard")

    task = asyncio.create_task(fail())
    await asyncio.sleep(1)
    print("main returns; failed:", task.done())


@probe(8)
async def a_deadlock_prints_nothing_more():
    async def worker():
        try:
            await asyncio.Event().wait()
        finally:
            print("this is not printed")

    await asyncio.gather(worker(), say_cancelled("neither is this", asyncio.Event().wait()))


@probe(1)
async def a_generator_that_is_used_up():
    async for number in generate("generator", 2):
        print(number)
    print("after the loop")


@probe(1)
async def a_generator_that_is_left_is_closed_by_a_task():
    async for number in generate("generator", 5):
        print(number)
        if number == 1:
            break
    print("after the loop at", now())
    await ticker(4)


@probe(1)
async def a_generator_that_is_closed_by_hand():
    generator = generate("generator", 5)
    print(await anext(generator))
    await generator.aclose()
    print("after aclose at", now())


@probe(8)
async def generators_that_are_open_when_main_returns():
    generators = [generate(name, 5) for name in "abc"]
    asyncio.get_running_loop().kept = generators
    for generator in generators:
        await anext(generator)
    print("main returns")
