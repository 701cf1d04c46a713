"""The programs whose output the document lists, and the same with a blocking sleep, as steps, or slowed down."""

import asyncio
import itertools
import random
import time

from programs import PROGRAMS, program


async def pause(label):
    """Draws a whole number of seconds, says so, and sleeps that long."""
    seconds = random.randint(0, 10)
    print(label, "sleeping for", seconds, "second")
    await asyncio.sleep(seconds)


@program
def countasync(n=3):
    async def counter():
        print("One")
        await asyncio.sleep(1)
        print("Two")

    async def main():
        await asyncio.gather(*[counter() for _ in range(n)])

    asyncio.run(main())
    print(f"countasync.py executed in {time.perf_counter():0.2f} seconds.")


@program
def countblock(n=3):
    async def counter():
        print("One")
        time.sleep(1)
        print("Two")

    async def main():
        await asyncio.gather(*[counter() for _ in range(n)])

    asyncio.run(main())
    print(f"countblock.py executed in {time.perf_counter():0.2f} seconds.")


@program
def makerandom(n=3):
    async def retry(index):
        limit = 9 - index
        print(f"Initiated makerandom({index}).")
        while (drawn := random.randint(0, 10)) <= limit:
            print(f"makerandom({index}) == {drawn} too low; retrying.")
            await asyncio.sleep(index + 1)
        print(f"---> Finished: makerandom({index}) == {drawn}")
        return drawn

    async def main():
        return await asyncio.gather(*[retry(index) for index in range(n)])

    results = asyncio.run(main())
    print()
    print(", ".join(f"r{place}: {drawn}" for place, drawn in enumerate(results, 1)))


@program
def chained(args=(1, 2, 3)):
    chain_of_two(args, say=print)


@program
def chained_steps(args=(1, 2, 3)):
    # Every line is a print of its own, which matters where a print costs time.
    def say(text):
        for line in text.split("\n"):
            print(line)

    chain_of_two(args, say)


def chain_of_two(args, say):
    """Runs a chain of two coroutines for each of `args`, all at once; `say` prints a text of one line or more."""

    async def stage(name, n, value, before):
        seconds = random.randint(0, 10)
        say(f"{name}({n}) sleeping for {seconds} seconds.")
        await asyncio.sleep(seconds)
        say(f"{before}Returning {name}({n})")
        return f"{name}-{value}"

    async def chain(n):
        began = time.perf_counter()
        one = await stage("first", n, n, "\n")
        two = await stage("second", n, one, "")
        took = time.perf_counter() - began
        say(f"\n-->Chained: {n} => {one} => {two} (took {took:0.2f} seconds).\n")

    async def main():
        await asyncio.gather(*[chain(n) for n in args])

    asyncio.run(main())
    print(f"Program finished in {time.perf_counter():0.2f} seconds.")


@program
def asyncq(nprod=2, ncon=10):
    items = map("item-{}".format, itertools.count())

    async def produce(name, queue):
        for _ in range(random.randint(0, 10)):
            await pause(f"Producer {name}")
            item = next(items)
            await queue.put((item, time.perf_counter()))
            print(f"Producer {name} added <{item}> to queue.")

    async def consume(name, queue):
        while True:
            await pause(f"Consumer {name}")
            item, since = await queue.get()
            waited = time.perf_counter() - since
            print(f"Consumer {name} got element <{item}> in {waited:0.5f} seconds.")
            queue.task_done()

    async def main():
        queue = asyncio.Queue()
        producers = [asyncio.create_task(produce(name, queue)) for name in range(nprod)]
        consumers = [asyncio.create_task(consume(name, queue)) for name in range(ncon)]
        await asyncio.gather(*producers)
        await queue.join()
        for consumer in consumers:
            consumer.cancel()

    asyncio.run(main())
    print(f"Program completed in {time.perf_counter():0.5f} seconds.")


PROGRAMS["asyncq_steps"] = PROGRAMS["asyncq_slow"] = asyncq


@program
def task_awaited():
    async def reverse(numbers):
        await asyncio.sleep(max(numbers))
        return numbers[::-1]

    async def main():
        task = asyncio.create_task(reverse([1, 2, 3]))
        print("result : ", await task)
        print("Type : ", type(task))
        print("Done : ", task.done())

    asyncio.run(main())


@program
def task_forgotten():
    async def reverse(numbers):
        await asyncio.sleep(max(numbers))
        return numbers[::-1]

    async def main():
        task = asyncio.create_task(reverse([1, 2, 3]))
        print("Type : ", type(task))
        print("Done : ", task.done())

    asyncio.run(main())


@program
def task_outlived():
    async def reverse(numbers):
        return numbers[::-1]

    async def main():
        task = asyncio.create_task(reverse([1, 2, 3]))
        await asyncio.sleep(1)
        print("Type : ", type(task))
        print("Done : ", task.done())

    asyncio.run(main())


@program
def gather():
    async def reverse(numbers):
        await asyncio.sleep(max(numbers))
        return numbers[::-1]

    async def main():
        tasks = [asyncio.create_task(reverse(numbers)) for numbers in ([-3, -1, 1], [-1, 0, 1])]
        began = time.perf_counter()
        results = await asyncio.gather(*tasks)
        took = time.perf_counter() - began
        print("Both tasks done:", all(task.done() for task in tasks))
        print(f"Time taken: {took:0.5f} seconds")
        return results

    print(asyncio.run(main()))
