"""Cancelling: who is hit first, and when each level hears of it."""

import asyncio

from probes import now, probe, say, say_cancelled, ticker, value


@probe(7)
async def a_cancel_reaches_the_innermost_first():
    sleeper = asyncio.create_task(say_cancelled("sleeper", asyncio.sleep(9)))
    middle = asyncio.create_task(say_cancelled("middle", sleeper))
    outer = asyncio.create_task(say_cancelled("outer", middle))
    tick = asyncio.create_task(ticker(6))
    await asyncio.sleep(0)
    outer.cancel()
    print("cancel was called")
    await asyncio.gather(outer, tick, return_exceptions=True)


@probe(7)
async def a_cancel_through_a_gather():
    async def gatherer():
        tasks = [asyncio.create_task(say_cancelled(name, asyncio.sleep(9))) for name in "abc"]
        await say_cancelled("gatherer", asyncio.gather(*tasks))

    outer = asyncio.create_task(gatherer())
    tick = asyncio.create_task(ticker(8))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    outer.cancel()
    print("cancel was called")
    await asyncio.gather(outer, tick, return_exceptions=True)


@probe(7)
async def a_kept_gather_is_cancelled_by_itself():
    async def cleaner(name):
        try:
            await asyncio.sleep(9)
        finally:
            await asyncio.sleep(0)
            print(name, "has cleaned up")

    both = asyncio.gather(cleaner("a"), say_cancelled("b", asyncio.sleep(9)))
    tick = asyncio.create_task(ticker(7))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print("cancelled:", both.cancel("enough"), both.done())
    try:
        await both
    except asyncio.CancelledError as error:
        print(repr(error))
    print(both.done(), both.cancelled(), repr(both.exception()), both.cancel())
    await tick


@probe(7)
async def a_cancel_through_a_gather_of_a_gather():
    async def gatherer(inner):
        await say_cancelled("gatherer", asyncio.gather(inner, say_cancelled("c", asyncio.sleep(9))))

    inner = asyncio.gather(*[say_cancelled(name, asyncio.sleep(9)) for name in "ab"])
    outer = asyncio.create_task(gatherer(inner))
    tick = asyncio.create_task(ticker(8))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    outer.cancel()
    print("cancel was called")
    await asyncio.gather(outer, tick, return_exceptions=True)
    print(inner.done(), inner.cancelled())


@probe(7)
async def a_cancel_through_a_group():
    async def grouper():
        async with asyncio.TaskGroup() as group:
            for name in "abc":
                group.create_task(say_cancelled(name, asyncio.sleep(9)))

    outer = asyncio.create_task(say_cancelled("grouper", grouper()))
    tick = asyncio.create_task(ticker(8))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    outer.cancel()
    print("cancel was called")
    await asyncio.gather(outer, tick, return_exceptions=True)


@probe(7)
async def a_cancel_before_the_first_step():
    task = asyncio.create_task(say("never", 0))
    task.cancel()
    print("done:", task.done())
    await asyncio.sleep(0)
    print("done:", task.done(), "cancelled:", task.cancelled())


@probe(7)
async def a_cancel_of_a_task_that_is_ready():
    async def worker():
        await say_cancelled("worker", asyncio.sleep(1))
        print("worker went on")

    task = asyncio.create_task(worker())
    asyncio.get_running_loop().call_at(1, lambda: print("cancel:", task.cancel()))
    await asyncio.sleep(2)
    print("cancelled:", task.cancelled())


@probe(7)
async def a_cancel_that_is_swallowed():
    async def stubborn():
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            print("swallowed; cancelling:", asyncio.current_task().cancelling())
        await asyncio.sleep(1)
        print("went on until", now(), "uncancel:", asyncio.current_task().uncancel())

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(1)
    task.cancel()
    await task
    print("cancelled:", task.cancelled())


@probe(7)
async def two_cancels_in_one_turn_are_one():
    async def stubborn():
        for _ in range(2):
            try:
                await asyncio.sleep(5)
                print("slept until", now())
            except asyncio.CancelledError:
                print("cancelled; cancelling:", asyncio.current_task().cancelling())

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(1)
    print(task.cancel(), task.cancel(), task.cancelling())
    await task


@probe(7)
async def a_cleanup_may_await():
    async def worker():
        try:
            await asyncio.sleep(9)
        finally:
            await asyncio.sleep(1)
            print("cleaned up at", now())

    task = asyncio.create_task(worker())
    await asyncio.sleep(1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("main heard of it at", now())


@probe(7)
async def a_shield_keeps_the_inner_task():
    inner = asyncio.create_task(say("inner went on", 2))
    outer = asyncio.create_task(say_cancelled("outer", asyncio.shield(inner)))
    await asyncio.sleep(1)
    outer.cancel()
    await asyncio.sleep(0)
    print("outer:", outer.cancelled(), "inner:", inner.done())
    print(await inner)


@probe(7)
async def a_failure_in_a_gather_leaves_the_others():
    async def fail():
        await asyncio.sleep(1)
        raise ValueError("bad")

    other = asyncio.create_task(say("other went on", 2))
    try:
        await asyncio.gather(fail(), other, value(1))
    except ValueError as problem:
        print("main:", problem, "at", now(), "other done:", other.done())
    await other


@probe(7)
async def a_gather_may_return_exceptions():
    async def fail(seconds):
        await asyncio.sleep(seconds)
        raise ValueError(f"bad {seconds}")

    cancelled = asyncio.create_task(asyncio.sleep(9))
    asyncio.get_running_loop().call_later(1, cancelled.cancel)
    print([repr(result) for result in await asyncio.gather(fail(2), value(1), cancelled, return_exceptions=True)])


@probe(7, since=(3, 13))
async def an_outer_cancel_while_a_child_fails():
    async def fail():
        await asyncio.sleep(1)
        raise ValueError("child")

    async def slow_cleanup():
        try:
            await asyncio.sleep(9)
        finally:
            await asyncio.sleep(2)

    async def grouper():
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())
                group.create_task(slow_cleanup())
        except* ValueError:
            print("the group failed at", now())
        await say_cancelled("grouper", asyncio.sleep(1))
        print("the cancel was lost")

    outer = asyncio.create_task(grouper())
    await asyncio.sleep(2)
    outer.cancel()
    await asyncio.wait([outer])
    print("cancelled:", outer.cancelled())
