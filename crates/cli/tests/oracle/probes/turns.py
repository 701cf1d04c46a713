"""Turns, and after how many of them a task hears of what it awaits. A ticker prints the number of the turn."""

import asyncio
import time

from probes import now, probe, say, ticker, value


@probe(1)
async def turns_are_first_in_first_out():
    async def worker(name):
        for turn in range(3):
            print(name, turn)
            await asyncio.sleep(0)

    await asyncio.gather(*[worker(name) for name in "abc"])


@probe(1)
async def a_spawned_task_steps_in_the_next_turn():
    async def parent(name):
        print(name, "spawns")
        child = asyncio.create_task(value(None))
        child.add_done_callback(lambda task: print(name, "child is done"))
        await asyncio.sleep(0)
        print(name, "goes on; child done:", child.done())

    await asyncio.gather(parent("a"), parent("b"), ticker(4))


@probe(1)
async def zero_and_negative_sleeps_take_one_turn():
    async def sleeper(seconds):
        await asyncio.sleep(seconds)
        print(f"slept {seconds}")

    await asyncio.gather(ticker(3), sleeper(0), sleeper(-1), sleeper(0.0))


@probe(1)
async def awaiting_a_coroutine_takes_no_turn():
    tick = asyncio.create_task(ticker(2))
    print(await value("value"))
    await tick


@probe(1, 3)
async def awaiting_a_task_takes_one_hop():
    tick = asyncio.create_task(ticker(6))
    await asyncio.sleep(0)
    print(await asyncio.create_task(value("awaited")))
    await tick


@probe(1)
async def awaiting_a_finished_task_takes_no_turn():
    task = asyncio.create_task(value("finished"))
    tick = asyncio.create_task(ticker(4))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(await task)
    print(await task)
    await tick


@probe(1)
async def gather_takes_two_hops():
    tick = asyncio.create_task(ticker(7))
    await asyncio.sleep(0)
    print(await asyncio.gather(value(1), value(2)))
    await tick


@probe(1)
async def gather_of_gather_takes_three_hops():
    tick = asyncio.create_task(ticker(8))
    await asyncio.sleep(0)
    print(await asyncio.gather(asyncio.gather(value(1), value(2)), value(3)))
    await tick


@probe(1)
async def a_kept_gather_wakes_those_who_await_it_in_order():
    async def waiter(name, gathered):
        print(name, await gathered)

    async def late(result):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return result

    both = asyncio.gather(late(1), value(2))
    first = asyncio.create_task(waiter("first", both))
    tick = asyncio.create_task(ticker(6))
    await asyncio.sleep(0)
    both.add_done_callback(lambda future: print("callback", future.result()))
    second = asyncio.create_task(waiter("second", both))
    print("done:", both.done())
    await asyncio.gather(first, second, tick)
    print("again", await both)


@probe(1)
async def gather_of_nothing():
    tick = asyncio.create_task(ticker(4))
    await asyncio.sleep(0)
    print(await asyncio.gather())
    await tick


@probe(1, since=(3, 12))
async def gather_of_finished_tasks():
    tasks = [asyncio.create_task(value(number)) for number in range(2)]
    tick = asyncio.create_task(ticker(6))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(await asyncio.gather(*tasks))
    await tick


@probe(1)
async def wait_takes_two_hops():
    tick = asyncio.create_task(ticker(7))
    await asyncio.sleep(0)
    done, pending = await asyncio.wait([asyncio.create_task(value(1))])
    print(len(done), len(pending))
    await tick


@probe(1)
async def shield_takes_two_hops():
    tick = asyncio.create_task(ticker(7))
    await asyncio.sleep(0)
    print(await asyncio.shield(value("shielded")))
    await tick


@probe(1)
async def a_task_group_takes_two_hops():
    tick = asyncio.create_task(ticker(7))
    await asyncio.sleep(0)
    async with asyncio.TaskGroup() as group:
        group.create_task(value(1))
        group.create_task(value(2))
    print("group is over")
    await tick


@probe(1)
async def as_completed_takes_two_hops():
    tick = asyncio.create_task(ticker(7))
    await asyncio.sleep(0)
    for completed in asyncio.as_completed([value(1)]):
        print(await completed)
    await tick


@probe(1, since=(3, 12))
async def wait_for_a_coroutine_takes_no_hop():
    tick = asyncio.create_task(ticker(5))
    await asyncio.sleep(0)
    print(await asyncio.wait_for(value("in time"), 1))
    await tick


@probe(1)
async def waiters_of_one_task_wake_in_the_order_of_waiting():
    task = asyncio.create_task(say("slept", 1))

    async def waiter(name):
        await task
        print(name, "heard of it")

    await asyncio.gather(*[waiter(name) for name in "cab"])


@probe(4)
async def a_block_holds_everyone_up():
    async def blocker():
        await asyncio.sleep(0)
        print("blocks at", now())
        asyncio.create_task(say("child", 0))
        time.sleep(3)
        for turn in range(2):
            await asyncio.sleep(0)
            print("blocker", turn, "at", now())

    async def beside():
        await asyncio.sleep(0)
        print("ready in the same turn, at", now())
        await asyncio.sleep(0)
        print("one turn later")

    async def sleeper(seconds):
        await asyncio.sleep(seconds)
        print("slept", seconds, "until", now())

    await asyncio.gather(blocker(), beside(), sleeper(3), sleeper(1), sleeper(2), sleeper(4))


@probe(4, print_cost=0.25)
async def a_print_costs_after_its_effect():
    async def speaker(name):
        print(name, now())
        print(name, now())
        await asyncio.sleep(0.25)
        print(name, now())

    await asyncio.gather(speaker("a"), speaker("b"))
