"""The programs that the document describes in words."""

import asyncio
import itertools
import random
import time

from programs import program


@program
def asyncq_sync(nprod=2, ncon=10):
    queue = asyncio.Queue()
    work = [[random.randint(1, 10) for _ in range(random.randint(1, 5))] for _ in range(nprod)]
    handling = [random.randint(0, 10) for _ in range(ncon)]

    async def produce(name):
        for number, seconds in enumerate(work[name]):
            await asyncio.sleep(seconds)
            await queue.put((f"{name}-{number}", time.perf_counter()))
            print(f"Producer {name} added <{name}-{number}> to queue.")

    async def handle(name):
        item, since = await queue.get()
        waited = time.perf_counter() - since
        print(f"Consumer {name} got element <{item}> in {waited:0.5f} seconds.")
        await asyncio.sleep(handling[name])
        queue.task_done()

    async def consume(name):
        while True:
            await handle(name)

    async def one_after_the_other():
        for name in range(nprod):
            await produce(name)
        turns = itertools.cycle(range(ncon))
        while not queue.empty():
            await handle(next(turns))

    async def all_at_once():
        producers = [asyncio.create_task(produce(name)) for name in range(nprod)]
        consumers = [asyncio.create_task(consume(name)) for name in range(ncon)]
        await asyncio.gather(*producers)
        await queue.join()
        for consumer in consumers:
            consumer.cancel()

    async def timed(way):
        began = time.perf_counter()
        await way()
        return time.perf_counter() - began

    async def main():
        print("One after the other:")
        slow = await timed(one_after_the_other)
        print("All at once:")
        return slow, await timed(all_at_once)

    slow, fast = asyncio.run(main())
    print(f"Synchronously {slow:0.2f} seconds, concurrently {fast:0.2f} seconds.")


@program
def hello():
    async def main():
        print("Hello ...")
        await asyncio.sleep(1)
        print("World!")

    asyncio.run(main())


@program
def never_awaited():
    async def greet():
        print("Hello ...")
        await asyncio.sleep(1)
        print("World!")

    async def main():
        print("Called, and nothing happens:")
        greet()
        await asyncio.sleep(1)
        print("Awaited:")
        await greet()

    asyncio.run(main())


@program
def as_completed():
    async def fetch(page, seconds):
        await asyncio.sleep(seconds)
        return f"page {page}"

    async def main():
        for completed in asyncio.as_completed([fetch(1, 3), fetch(2, 1), fetch(3, 2)]):
            page = await completed
            print(f"{time.perf_counter():0.1f} s: {page}")

    asyncio.run(main())


@program
def async_generator():
    async def countdown(number):
        try:
            for left in range(number, 0, -1):
                await asyncio.sleep(1)
                yield left
        finally:
            print(f"cleaned up at {time.perf_counter():0.1f} s")

    async def tick():
        for _ in range(5):
            await asyncio.sleep(0.3)
            print(f"  tick at {time.perf_counter():0.1f} s")

    async def main():
        ticker = asyncio.create_task(tick())
        async for number in countdown(2):
            print(f"{number} at {time.perf_counter():0.1f} s")
        print("and now with an early end:")
        numbers = countdown(10)
        async for number in numbers:
            print(f"{number} at {time.perf_counter():0.1f} s")
            if number == 9:
                break
        await numbers.aclose()
        await ticker

    asyncio.run(main())


@program
def awaitable():
    async def inner(number):
        await asyncio.sleep(1)
        return number + 1

    async def middle(number):
        more = await inner(number)
        await asyncio.sleep(1)
        return more * 2

    async def outer(number):
        return await middle(number) - 1

    async def main():
        print(f"outer(10) is {await outer(10)} after {time.perf_counter():0.1f} seconds")
        handle = asyncio.create_task(inner(41))
        print(f"the handle gave {await handle} after {time.perf_counter():0.1f} seconds")
        print(f"and once more {await handle} after {time.perf_counter():0.1f} seconds")

    asyncio.run(main())


@program
def pending_tasks():
    async def main():
        workers = [asyncio.create_task(asyncio.sleep(seconds)) for seconds in (1, 2, 3)]
        await asyncio.sleep(0.5)
        for _ in range(4):
            pending = len(asyncio.all_tasks()) - 1
            done = [worker.done() for worker in workers]
            print(f"at {time.perf_counter():0.1f} s: {pending} workers pending, done: {done}")
            await asyncio.sleep(1)
        print("main is pending:", asyncio.current_task() in asyncio.all_tasks())

    asyncio.run(main())


def two_and_two(main):
    """Runs `main(producers, consumers, queue)`: two of each, a consumer ends when it gets None."""

    async def produce(name, queue):
        for _ in range(2):
            await asyncio.sleep(1)
            await queue.put(name)
        print(f"Producer {name} is done.")

    async def consume(name, queue):
        while (item := await queue.get()) is not None:
            print(f"Consumer {name} got an item of producer {item}.")
            await asyncio.sleep(0.1)
        print(f"Consumer {name} is done.")

    async def start():
        queue = asyncio.Queue()
        producers = [asyncio.create_task(produce(name, queue)) for name in range(2)]
        consumers = [asyncio.create_task(consume(name, queue)) for name in range(2)]
        await main(producers, consumers, queue)

    asyncio.run(start())


@program
def queue_hang():
    async def main(producers, consumers, queue):
        await asyncio.gather(*producers)
        await asyncio.gather(*consumers)
        print("This line is never reached.")

    two_and_two(main)


@program
def queue_sentinel():
    async def main(producers, consumers, queue):
        await asyncio.gather(*producers)
        for _ in consumers:
            await queue.put(None)
        await asyncio.gather(*consumers)
        print("All done.")

    two_and_two(main)


@program
def many_tasks(count=100_000):
    awake = 0

    async def sleeper():
        nonlocal awake
        await asyncio.sleep(1)
        awake += 1

    async def main():
        await asyncio.gather(*[asyncio.create_task(sleeper()) for _ in range(count)])
        print(f"{awake} tasks woke up.")

    asyncio.run(main())
    print(f"Program finished in {time.perf_counter():0.2f} seconds.")
