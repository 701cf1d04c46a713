"""The scenarios about callbacks, futures, and what a program leaves behind."""

import asyncio

from programs import program


def now():
    return asyncio.get_running_loop().time()


async def ticker():
    for tick in range(4):
        print(f"tick {tick}")
        await asyncio.sleep(0)


@program
def callbacks():
    def note(text):
        print(f"the loop calls: {text}, current task: {asyncio.current_task()}")

    def chain(left):
        print(f"chain: {left} left")
        if left > 1:
            asyncio.get_running_loop().call_soon(chain, left - 1)

    def fails():
        return 1 / 0

    def ended(task):
        print(f"ended: {task.get_name()}, its result is {task.result()}")

    async def work():
        await asyncio.sleep(1)
        return 42

    async def main():
        loop = asyncio.get_running_loop()
        asyncio.create_task(ticker())
        loop.call_soon(note, "soon")
        loop.call_soon(chain, 3)
        loop.call_soon(fails)
        handle = loop.call_soon(note, "taken back")
        handle.cancel()
        task = asyncio.create_task(work())
        task.set_name("work")
        task.add_done_callback(ended)
        result = await task
        print(f"main has {result} at {now():0.1f} s")
        print(f"removed after the end: {task.remove_done_callback(ended)}")

    asyncio.run(main())


@program
def future():
    async def wait(name, future):
        try:
            result = await future
            print(f"{name} got {result!r} at {now():0.1f} s")
        except ValueError as error:
            print(f"{name} caught {error!r}")
        except asyncio.CancelledError:
            print(f"{name} was cancelled")
            raise

    def done(future):
        print(f"the future is {future}")

    async def main():
        loop = asyncio.get_running_loop()
        news = loop.create_future()
        print(f"at first it is {news}, done: {news.done()}")
        waiting = [asyncio.create_task(wait(name, news)) for name in "abc"]
        news.add_done_callback(done)
        loop.call_later(1.0, news.set_result, "yes")
        await asyncio.gather(*waiting)
        try:
            news.set_result("again")
        except asyncio.InvalidStateError as error:
            print(f"a second result is refused: {error}")
        news = loop.create_future()
        news.add_done_callback(done)
        loop.call_soon(news.set_exception, ValueError("no"))
        await wait("main", news)
        news = loop.create_future()
        waiting = [asyncio.create_task(wait(name, news)) for name in "de"]
        await asyncio.sleep(0)
        waiting[0].cancel()
        results = await asyncio.gather(*waiting, return_exceptions=True)
        print(f"{results!r}, {news}")

    asyncio.run(main())


@program
def call_later_order():
    def note(text):
        print(f"{now():0.1f} s: call {text}")

    async def sleeper(delay):
        await asyncio.sleep(delay)
        print(f"{now():0.1f} s: sleeper of {delay} s")

    async def main():
        loop = asyncio.get_running_loop()
        for name, delay in [("a", 1.0), ("b", 0.0), ("c", 1.0), ("d", 0.5)]:
            loop.call_later(delay, note, name)
        sleepers = [asyncio.create_task(sleeper(delay)) for delay in [1.0, 0.5]]
        handle = loop.call_later(1.0, note, "never")
        loop.call_at(0.75, handle.cancel)
        loop.call_at(now() + 1.0, note, "at 1.0")
        await asyncio.sleep(1)
        print(f"{now():0.1f} s: main, and the call is cancelled: {handle.cancelled()}")
        del sleepers

    asyncio.run(main())


@program
def never_retrieved():
    async def fail(name, delay):
        await asyncio.sleep(delay)
        raise ValueError(name)

    async def main():
        awaited = asyncio.create_task(fail("awaited", 1))
        asked = asyncio.create_task(fail("asked", 1))
        gathered = [asyncio.create_task(fail(f"{which} of a gather", 1 + n)) for n, which in enumerate(["first", "second"])]
        asyncio.create_task(fail("forgotten", 1))
        try:
            await awaited
        except ValueError as error:
            print(f"awaited: {error!r}")
        print(f"asked: {asked.exception()!r}")
        try:
            await asyncio.gather(*gathered)
        except ValueError as error:
            print(f"gathered: {error!r}")
        await asyncio.sleep(2)
        print("nobody has seen the fifth")

    asyncio.run(main())


@program
def generator_left_open():
    kept = []

    async def count(name):
        try:
            for number in range(10):
                yield number
        finally:
            print(f"{name}: cleaning up at {now():0.1f} s")
            await asyncio.sleep(1)
            print(f"{name}: clean at {now():0.1f} s")

    async def main():
        async for number in count("left"):
            print(f"left: {number}")
            if number == 1:
                break
        print("main goes on")
        await ticker()
        await asyncio.sleep(2)
        kept[:] = [count("first"), count("second"), count("never asked")]
        for generator in kept[:2]:
            async for number in generator:
                break
        print(f"main returns at {now():0.1f} s")

    asyncio.run(main())


@program
def gather_kept():
    async def fetch(page, delay):
        try:
            await asyncio.sleep(delay)
        except asyncio.CancelledError:
            await asyncio.sleep(0.1)
            print(f"{page} hangs up at {now():0.1f}")
            raise
        return f"<{page}>"

    async def reader(pages):
        try:
            print(f"the reader reads {await pages}")
        except asyncio.CancelledError as error:
            print(f"the reader hears {error!r} at {now():0.1f}")

    async def main():
        news = asyncio.gather(fetch("world", 1), fetch("sports", 2))
        pages = asyncio.gather(news, fetch("weather", 1))
        pages.add_done_callback(lambda pages: print(f"the pages are done at {now():0.1f}"))
        print(f"fetching, done: {pages.done()}")
        print(f"{await news} at {now():0.1f}")
        print(await pages)
        pages = asyncio.gather(fetch("index", 1), fetch("archive", 60), return_exceptions=True)
        hearing = asyncio.create_task(reader(pages))
        done, pending = await asyncio.wait([pages], timeout=3)
        print(f"cancelled: {pages.cancel('too slow')}, {len(pending)} pending at {now():0.1f}")
        await hearing
        print(f"{pages.done()} {pages.cancelled()} {pages.exception()!r}")

    asyncio.run(main())
