"""The same as program.yaml, line by line."""

import asyncio
from random import randint
import time


def now():
    return time.monotonic()

q = None
known = []
left = 60


async def nap():
    await asyncio.sleep(randint(0, 4) * 0.5)


async def work(depth, name):
    global left
    left -= 1
    if left < 0:
        return 0
    kind = randint(0, 15 if depth < 3 else 7)
    print(f"{now()} {name} begins {kind}")
    try:
        result = await act(depth, name, kind)
        print(f"{now()} {name} got {result!r}")
        return result
    except asyncio.CancelledError:
        print(f"{now()} {name} cancelled")
        after = randint(0, 3)
        if after == 0:
            await asyncio.sleep(0.5)
        if after == 1:
            return -1
        raise
    except ExceptionGroup as e:
        print(f"{now()} {name} failed with {e!r}")
        if randint(0, 1):
            raise
    except Exception as e:
        print(f"{now()} {name} failed with {e!r}")
        if randint(0, 2):
            raise
    finally:
        print(f"{now()} {name} ends")
    return name


async def act(depth, name, kind):
    if kind < 2:
        await nap()
        return name
    if kind == 2:
        await nap()
        raise ValueError(name)
    if kind == 3:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return 3
    if kind == 4:
        await q.put(name)
        return 4
    if kind == 5:
        x = await q.get()
        q.task_done()
        return x
    if kind == 6:
        await asyncio.sleep(0.5)
        if randint(0, 5) == 0:
            q.shutdown(immediate=randint(0, 1) == 1)
            print(f"{now()} {name} shut down <Queue maxsize=1 shutdown>")
        return 6
    if kind == 7:
        await nap()
        if len(known) > 0:
            number = randint(0, len(known) - 1)
            print(f"{now()} {name} cancels {number}: {known[number].cancel()}")
        return 7
    if kind < 11:
        r = await grouped(depth, name)
        return r
    if kind < 14:
        r = await waited(depth, name)
        return r
    if kind == 14:
        r = await completed(depth, name)
        return r
    return await asyncio.gather(
        *[work(depth + 1, f"{name}.{n}") for n in range(randint(1, 3))], return_exceptions=True
    )


async def grouped(depth, name):
    for round in range(2):
        async with asyncio.TaskGroup() as g:
            ts = []
            for _ in range(randint(0, 3)):
                t = g.create_task(work(depth + 1, f"{name}.{len(ts)}"))
                ts.append(t)
                known.append(t)
            body = randint(0, 7)
            print(f"{now()} {name} body {body} {g}")
            if body == 0:
                await nap()
            if body == 1:
                await nap()
                raise KeyError(name)
            if body == 2 and len(ts) > 0:
                await ts[0]
            if body == 3:
                return body
            if body == 4:
                break
            if body == 5:
                try:
                    await asyncio.sleep(1)
                finally:
                    print(f"{now()} {name} tries {g}")
                    t = g.create_task(work(depth + 1, f"{name}.late"))
                    known.append(t)
            if body == 6:
                await (grouped(depth + 1, name + "+") if depth < 2 else nap())
        print(f"{now()} {name} left the group {[t.done() for t in ts]}")
    return name


async def waited(depth, name):
    pending = [asyncio.create_task(work(depth + 1, f"{name}.{n}")) for n in range(randint(1, 3))]
    known.extend(pending)
    while len(pending) > 0:
        mode = randint(0, 2)
        limit = [None, 0, 0.5, 1, 1.5, 2, 0.25][randint(0, 6)]
        done, pending = await asyncio.wait(
            pending, timeout=limit,
            return_when=[asyncio.FIRST_COMPLETED, asyncio.FIRST_EXCEPTION, asyncio.ALL_COMPLETED][mode],
        )
        done, pending = list(done), list(pending)
        print(f"{now()} {name} waited {mode} {limit} {len(done)} {len(pending)} {[t.cancelled() for t in done]}")
        if randint(0, 3) == 0 and len(pending) > 0:
            print(f"{now()} {name} cancels its first: {pending[0].cancel()}")
        if randint(0, 9) == 0:
            break
    return len(pending)


async def completed(depth, name):
    limit = [None, 0, 0.5, 1, 1.5][randint(0, 4)]
    count = 0
    for next in asyncio.as_completed([work(depth + 1, f"{name}.{n}") for n in range(randint(1, 4))], timeout=limit):
        try:
            r = await next
            print(f"{now()} {name} next {r!r}")
        except (TimeoutError, ValueError, KeyError, ExceptionGroup) as e:
            print(f"{now()} {name} next failed {e!r}")
        count = count + 1
        if randint(0, 6) == 0:
            break
    return count


async def main():
    global q
    q = asyncio.Queue(maxsize=1)
    ts = [asyncio.create_task(work(0, str(n))) for n in range(4)]
    known.extend(ts)
    for _ in range(8):
        await asyncio.sleep(0.5)
        victim = ts[randint(0, 3)]
        if randint(0, 2) == 0:
            print(f"{now()} main cancels {victim.cancel()}")
    done, pending = await asyncio.wait(ts, timeout=30)
    print(f"{now()} {len(done)} {len(pending)}")


asyncio.run(main())
