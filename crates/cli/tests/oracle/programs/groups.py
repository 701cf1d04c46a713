"""Task groups, waits, and queues that are shut down: the latter since CPython 3.13."""

import asyncio
import time

from programs import program


def now():
    return time.perf_counter()


@program
def task_group():
    async def fetch(page, delay):
        await asyncio.sleep(delay)
        print(f"{now():0.1f} s: page {page} is there")
        return f"page {page}"

    async def main():
        async with asyncio.TaskGroup() as group:
            for number in range(2):
                group.create_task(fetch(number, 3 - number))
            contents = group.create_task(fetch("of contents", 1))
            print("All of them are on their way.")
        print(f"{now():0.1f} s: the group is over, {contents.result()!r} among them.")

    asyncio.run(main())


@program
def task_group_failure():
    async def cook(dish, minutes):
        try:
            await asyncio.sleep(minutes * 60)
            print(f"{dish} is ready.")
        except asyncio.CancelledError:
            await asyncio.sleep(30)
            print(f"{now():0.0f} s: {dish} is put away.")
            raise

    async def burn(dish, minutes):
        await asyncio.sleep(minutes * 60)
        print(f"{now():0.0f} s: {dish} burns!")
        raise RuntimeError(f"{dish} is burnt")

    async def main():
        try:
            async with asyncio.TaskGroup() as group:
                for work in (cook("soup", 10), burn("roast", 5), cook("salad", 1), burn("cake", 5)):
                    group.create_task(work)
                await asyncio.sleep(3600)
                print("Dinner is served.")
        except ExceptionGroup as failed:
            print(f"{now():0.0f} s: {failed}")
            for problem in failed.exceptions:
                print(f"  {problem!r}")

    asyncio.run(main())


@program
def task_group_unhandled():
    async def fail(name, delay):
        await asyncio.sleep(delay)
        raise ValueError(name)

    async def team(name):
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(f"{name} 1", 1))
            group.create_task(fail(f"{name} 2", 1))

    async def main():
        async with asyncio.TaskGroup() as group:
            group.create_task(team("red"))
            group.create_task(fail("loner", 2))
            try:
                await asyncio.sleep(10)
            finally:
                print(f"{now():0.1f} s: the block was cancelled.")
                raise KeyError("block")

    asyncio.run(main())


@program
def wait_first():
    async def ask(server, delay):
        try:
            await asyncio.sleep(delay)
            return f"{server} says 42"
        except asyncio.CancelledError:
            print(f"{server} was not needed.")
            raise

    async def main():
        asked = [asyncio.create_task(ask(*which)) for which in (("Ada", 3), ("Grace", 2), ("Edsger", 5))]
        done, pending = await asyncio.wait(asked, timeout=1)
        print(f"{now():0.1f} s: {len(done)} answers, {len(pending)} to come.")
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        print(f"{now():0.1f} s: {done.pop().result()}.")
        for task in pending:
            task.cancel()
        await asyncio.wait(pending)

    asyncio.run(main())


@program
def as_completed_timeout():
    async def fetch(page, delay):
        await asyncio.sleep(delay)
        return f"page {page}"

    async def main():
        pages = [fetch(1, 3), fetch(2, 1), fetch(3, 2), fetch(4, 9)]
        for next_one in asyncio.as_completed(pages, timeout=2.5):
            try:
                page = await next_one
                print(f"{now():0.1f} s: {page}")
            except TimeoutError:
                print(f"{now():0.1f} s: too late")

    asyncio.run(main())


@program
def queue_shutdown():
    async def produce(queue, name):
        for _ in range(3):
            await asyncio.sleep(1)
            await queue.put(name)
        print(f"Producer {name} is done.")

    async def consume(queue, name):
        try:
            while True:
                item = await queue.get()
                print(f"Consumer {name} got an item of producer {item}.")
                await asyncio.sleep(0.1)
        except asyncio.QueueShutDown:
            print(f"Consumer {name} is done.")

    async def main():
        queue = asyncio.Queue(maxsize=2)
        async with asyncio.TaskGroup() as group:
            group.create_task(consume(queue, 0))
            group.create_task(consume(queue, 1))
            async with asyncio.TaskGroup() as producers:
                for name in range(2):
                    producers.create_task(produce(queue, name))
            queue.shutdown()
        print(f"{now():0.1f} s: all done; left in the queue: {queue.qsize()}.")
        try:
            await queue.put("late")
        except asyncio.QueueShutDown:
            print("Nothing can be put any more.")

    asyncio.run(main())
