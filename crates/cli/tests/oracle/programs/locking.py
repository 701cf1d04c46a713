"""The programs around locks, semaphores, events, conditions and barriers."""

import asyncio
import time

from programs import program


def say(text):
    print(f"{time.perf_counter():0.1f} {text}")


@program
def lock_handoff():
    vault = asyncio.Lock()

    async def visit(name, minutes):
        def tell(text):
            print(f"{time.perf_counter():4.1f} {name} {text}")

        tell(f"asks; the vault is {'locked' if vault.locked() else 'open'}")
        async with vault:
            tell("is in")
            await asyncio.sleep(minutes)
        tell("is out")

    async def late(name):
        await asyncio.sleep(3)
        await visit(name, 1)

    async def main():
        await asyncio.gather(visit("Ann", 3), visit("Ben", 2), late("Cid"))

    asyncio.run(main())


@program
def philosophers(seats=5, orderly=False):
    forks = [asyncio.Lock() for _ in range(seats)]

    async def philosopher(number):
        left, right = forks[number], forks[(number + 1) % seats]
        if orderly and number == seats - 1:
            left, right = right, left
        async with left:
            say(f"philosopher {number} has one fork")
            await asyncio.sleep(1)
            async with right:
                say(f"philosopher {number} eats")
                await asyncio.sleep(1)

    async def main():
        await asyncio.gather(*[philosopher(number) for number in range(seats)])

    asyncio.run(main())


@program
def condition_buffer():
    lock = asyncio.Lock()
    has_room, has_items = asyncio.Condition(lock), asyncio.Condition(lock)
    buffer = []

    async def make(name, count):
        for number in range(count):
            async with has_room:
                await has_room.wait_for(lambda: len(buffer) < 2)
                buffer.append(f"{name}{number}")
                has_items.notify()
            say(f"made {name}{number}")

    async def eat(count):
        for _ in range(count):
            async with has_items:
                await has_items.wait_for(lambda: len(buffer) > 0)
                item = buffer.pop(0)
                has_room.notify()
            say(f"ate {item}")
            await asyncio.sleep(1)

    async def main():
        await asyncio.gather(make("a", 3), make("b", 2), eat(5))

    asyncio.run(main())


@program
def barrier():
    stage = asyncio.Barrier(3)

    async def walk(name, pace):
        try:
            for number in range(1, 4):
                await asyncio.sleep(pace)
                if (name, number) == ("Cid", 2):
                    say(f"{name} gives up")
                    await stage.abort()
                    return
                place = await stage.wait()
                say(f"{name} sets out on stage {number}, arrived as number {place + 1}")
        except asyncio.BrokenBarrierError as error:
            say(f"{name} turns back: {error}")

    async def main():
        await asyncio.gather(walk("Ann", 1), walk("Ben", 2), walk("Cid", 3))

    asyncio.run(main())


@program
def semaphore_pool():
    connections = asyncio.BoundedSemaphore(2)
    running = 0

    async def download(number):
        nonlocal running
        async with connections:
            running += 1
            say(f"download {number} begins, {running} running")
            try:
                await asyncio.sleep(1 + number % 3)
            finally:
                running -= 1
        say(f"download {number} is done")

    async def main():
        downloads = [asyncio.create_task(download(number)) for number in range(7)]
        await asyncio.sleep(1.5)
        downloads[1].cancel()
        await asyncio.gather(*downloads, return_exceptions=True)
        try:
            connections.release()
        except ValueError as error:
            say(error)

    asyncio.run(main())


@program
def event_start():
    signal = asyncio.Event()

    async def runner(name, delay):
        await asyncio.sleep(delay)
        say(f"{name} is ready, the signal is {'on' if signal.is_set() else 'off'}")
        await signal.wait()
        say(f"{name} runs")

    async def main():
        delays = {"Cid": 1, "Ann": 0, "Ben": 0.5, "Eve": 2.5, "Dan": 4}
        runners = [asyncio.create_task(runner(name, delay)) for name, delay in delays.items()]
        await asyncio.sleep(2)
        signal.set()
        await asyncio.sleep(1)
        signal.clear()
        await asyncio.sleep(2)
        signal.set()
        await asyncio.gather(*runners)

    asyncio.run(main())
