"""Timers: when they are due, in which order they fire, and where they join the turn."""

import asyncio

from probes import now, probe, say, ticker


@probe(2)
async def equal_deadlines_of_four():
    await asyncio.gather(*[say(number, 1) for number in range(4)])


@probe(2)
async def equal_deadlines_of_ten_and_others():
    await asyncio.gather(*[say(f"{number} at {seconds}", seconds) for number, seconds in enumerate([3, 1, 2] * 5)])


@probe(2)
async def equal_deadlines_reached_on_different_ways():
    async def steps(name, *lengths):
        for length in lengths:
            await asyncio.sleep(length)
        print(name, now())

    await asyncio.gather(
        steps("4", 4), steps("1+3", 1, 3), steps("2+2", 2, 2), steps("1+1+2", 1, 1, 2), steps("3+1", 3, 1)
    )


@probe(2, 3)
async def a_fired_timer_wakes_its_task_a_turn_later():
    loop = asyncio.get_running_loop()

    def callback():
        print("callback at", now())
        loop.call_soon(print, "made ready by the callback")

    loop.call_later(1, callback)
    sleeper = asyncio.create_task(say("sleeper", 1))
    await asyncio.sleep(0)
    loop.call_later(1, print, "second callback")
    await sleeper


@probe(2)
async def timers_join_behind_what_is_ready():
    loop = asyncio.get_running_loop()
    loop.call_later(0, print, "timer of 0 s")
    loop.call_soon(print, "ready first")
    loop.call_soon(lambda: loop.call_soon(print, "ready in the next turn"))
    await ticker(3)


@probe(2)
async def a_nanosecond_is_the_same_time():
    loop = asyncio.get_running_loop()
    for deadline in (1.000000002, 1.0000000004, 1.0):
        loop.call_at(deadline, lambda deadline=deadline: print(deadline, "at", now()))
    await asyncio.sleep(2)


@probe(2)
async def ten_tenths_are_not_one():
    async def tenths():
        for _ in range(10):
            await asyncio.sleep(0.1)
        print("ten tenths at", now())

    await asyncio.gather(say("one", 1.0), tenths())


@probe(2)
async def a_timer_beyond_a_year_fires():
    # Here a nanosecond is less than half of the last digit of a float: deadline < now + 1e-9 s is never true.
    await asyncio.sleep(40_000_000)
    print(now())
    await asyncio.gather(say("later", 0.5), say("sooner", 0.25))
    print(now())


@probe(7)
async def deadlines_in_the_past_keep_their_order():
    loop = asyncio.get_running_loop()
    await asyncio.sleep(20)
    for deadline in (9, 3, 10, 7, 20, 7):
        loop.call_at(deadline, print, deadline)
    await asyncio.sleep(0)
    print("main")
    await asyncio.sleep(1)


async def cancelled_among_others(sleepers, cancelled, lengths):
    """Sleepers of a few different lengths; some are cancelled, spread over the heap, before the first is due."""
    tasks = [asyncio.create_task(say(number, 10 + number * 5 % lengths)) for number in range(sleepers)]
    await asyncio.sleep(1)
    for number in cancelled:
        tasks[number].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@probe(2)
async def cancelled_timers_stay_in_a_small_heap():
    await cancelled_among_others(60, [number for number in range(60) if number % 3], lengths=2)


@probe(2)
async def cancelled_timers_are_filtered_out_of_a_large_heap():
    # 130 of 154 timers: more than 100, and more than half cancelled.
    kept = range(3, 154, 6)
    await cancelled_among_others(154, [number for number in range(154) if number not in kept][:130], lengths=7)


@probe(2)
async def timers_are_filtered_once_more_than_half_are_cancelled():
    # Exactly half at first: the filter waits until some of the others have fired.
    await cancelled_among_others(120, [number for number in range(120) if number % 2], lengths=7)


@probe(3)
async def a_timeout_at_the_instant_of_completion_wins():
    async def guarded(name, seconds):
        try:
            async with asyncio.timeout(1):
                await asyncio.sleep(seconds)
            print(name, "in time")
        except TimeoutError:
            print(name, "too late at", now())

    await asyncio.gather(guarded("shorter", 0.5), guarded("equal", 1), guarded("longer", 2))


@probe(3)
async def a_timeout_at_the_instant_of_a_put_leaves_the_item():
    queue = asyncio.Queue()

    async def put():
        await asyncio.sleep(1)
        queue.put_nowait("item")
        print("put at", now())

    putter = asyncio.create_task(put())
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(1):
            print("got", await queue.get())
    except TimeoutError:
        print("too late at", now(), "with", queue.qsize(), "in the queue")
    await putter
    print(queue.qsize(), "in the queue")


@probe(7)
async def a_timeout_that_is_not_later_than_now():
    async def guarded(seconds):
        try:
            async with asyncio.timeout(seconds):
                print(f"{seconds}: body begins")
                await asyncio.sleep(0)
                print(f"{seconds}: one turn later")
                await asyncio.sleep(0)
                print(f"{seconds}: two turns later")
        except TimeoutError:
            print(f"{seconds}: timed out")

    await asyncio.gather(ticker(4), guarded(0), guarded(-1))


@probe(3)
async def nested_timeouts_due_together():
    try:
        async with asyncio.timeout(1):
            try:
                async with asyncio.timeout(1):
                    await asyncio.sleep(5)
            except TimeoutError:
                print("inner at", now())
                await asyncio.sleep(0)
                print("after the inner one")
    except TimeoutError:
        print("outer at", now())


@probe(3, since=(3, 12))
async def wait_for_a_task_due_at_the_same_instant():
    task = asyncio.create_task(say("slept", 1))
    await asyncio.sleep(0)
    try:
        print(await asyncio.wait_for(task, 1))
    except TimeoutError:
        print("too late at", now(), "cancelled:", task.cancelled())
