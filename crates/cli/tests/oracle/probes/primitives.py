"""Queues, locks and their like: who is served, and when."""

import asyncio

from probes import now, probe, ticker


@probe(1)
async def a_queue_hands_over_in_one_hop():
    queue = asyncio.Queue()

    async def get(name):
        print(name, "got", await queue.get())

    getters = [asyncio.create_task(get(name)) for name in "abc"]
    tick = asyncio.create_task(ticker(5))
    await asyncio.sleep(0)
    for item in range(3):
        queue.put_nowait(item)
    print("put three")
    await asyncio.gather(tick, *getters)


@probe(1)
async def get_nowait_overtakes_a_woken_getter():
    queue = asyncio.Queue()

    async def get():
        print("getter got", await queue.get())

    getter = asyncio.create_task(get())
    await asyncio.sleep(0)
    queue.put_nowait("first")
    print("overtaken by", queue.get_nowait())
    await asyncio.sleep(0)
    queue.put_nowait("second")
    await getter


@probe(1)
async def a_full_queue_wakes_its_putters_in_order():
    queue = asyncio.Queue(maxsize=1)

    async def put(name):
        await queue.put(name)
        print("put", name)

    putters = [asyncio.create_task(put(name)) for name in "abc"]
    tick = asyncio.create_task(ticker(8))
    for _ in range(3):
        await asyncio.sleep(0)
        print("got", await queue.get())
    await asyncio.gather(tick, *putters)


@probe(1)
async def join_returns_a_hop_after_the_last_task_done():
    queue = asyncio.Queue()
    queue.put_nowait("item")

    async def consume():
        await asyncio.sleep(1)
        await queue.get()
        queue.task_done()
        print("done")

    consumer = asyncio.create_task(consume())
    await queue.join()
    print("joined at", now(), "consumer done:", consumer.done())


@probe(1)
async def priority_and_last_in_first_out_queues():
    for kind in (asyncio.PriorityQueue, asyncio.LifoQueue):
        queue = kind()
        for item in (5, 1, 4, 1, 3):
            await queue.put(item)
        print([await queue.get() for _ in range(queue.qsize())])


@probe(1)
async def a_lock_is_not_overtaken():
    lock = asyncio.Lock()

    async def worker(name):
        for turn in range(2):
            async with lock:
                print(name, turn)
                await asyncio.sleep(0)

    await asyncio.gather(worker("a"), worker("b"), worker("c"))


@probe(1)
async def a_free_lock_takes_no_turn():
    lock = asyncio.Lock()
    tick = asyncio.create_task(ticker(2))
    async with lock:
        print("locked")
    await tick


@probe(1)
async def a_semaphore_serves_in_order():
    semaphore = asyncio.Semaphore(2)

    async def worker(name):
        for turn in range(2):
            async with semaphore:
                print(name, turn)
                await asyncio.sleep(1)

    await asyncio.gather(*[worker(name) for name in "abcd"])


@probe(1)
async def an_event_wakes_in_the_order_of_waiting():
    event = asyncio.Event()

    async def waiter(name):
        await event.wait()
        print(name, "woke")

    waiters = [asyncio.create_task(waiter(name)) for name in "cab"]
    tick = asyncio.create_task(ticker(4))
    await asyncio.sleep(0)
    event.set()
    event.clear()
    await asyncio.gather(tick, *waiters)


@probe(1)
async def a_condition_wakes_who_waited_first():
    condition = asyncio.Condition()

    async def waiter(name):
        async with condition:
            await condition.wait()
            print(name, "woke")

    waiters = [asyncio.create_task(waiter(name)) for name in "abc"]
    tick = asyncio.create_task(ticker(8))
    await asyncio.sleep(0)
    async with condition:
        condition.notify(2)
        print("notified two")
    await asyncio.sleep(0)
    async with condition:
        condition.notify_all()
        print("notified all")
    await asyncio.gather(tick, *waiters)


@probe(1, since=(3, 13))
async def a_cancelled_waiter_passes_the_notification_on():
    condition = asyncio.Condition()

    async def waiter(name):
        async with condition:
            await condition.wait()
            print(name, "woke")

    waiters = [asyncio.create_task(waiter(name)) for name in "ab"]
    await asyncio.sleep(0)
    async with condition:
        condition.notify()
        waiters[0].cancel()
    await asyncio.sleep(1)
    print([task.done() for task in waiters])


@probe(1)
async def a_barrier_lets_the_last_one_through_first():
    barrier = asyncio.Barrier(3)

    async def worker(name):
        print(name, "arrives")
        place = await barrier.wait()
        print(name, "passes with", place)

    await asyncio.gather(ticker(5), *[worker(name) for name in "abc"])


@probe(1)
async def a_cancelled_getter_is_skipped():
    queue = asyncio.Queue()

    async def get(name):
        print(name, "got", await queue.get())

    getters = [asyncio.create_task(get(name)) for name in "ab"]
    await asyncio.sleep(0)
    queue.put_nowait("item")
    getters[0].cancel()
    await asyncio.sleep(1)
    print([task.done() for task in getters], queue.qsize())
