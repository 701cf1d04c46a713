"""The same program in SimPy: ten chains of three stages, each stage a generator that the chain delegates to."""

import random
import sys

import simpy


def stage(environment, number):
    yield environment.timeout(random.randint(1, 10) / 1000)
    return number + 1


def chain(environment, number, items):
    for _ in range(items):
        one = yield from stage(environment, number)
        two = yield from stage(environment, one)
        yield from stage(environment, two)


random.seed(1)
environment = simpy.Environment()
for number in range(10):
    environment.process(chain(environment, number, int(sys.argv[1])))
environment.run()
print(environment.now)
