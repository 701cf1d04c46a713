"""The same program in SimPy: ten producers and ten consumers on a store of sixteen."""

import random
import sys

import simpy


def produce(environment, store, items):
    for _ in range(items):
        yield environment.timeout(random.randint(1, 10) / 1000)
        yield store.put((1, environment.now))


def consume(environment, store):
    while True:
        yield environment.timeout(random.randint(1, 10) / 1000)
        yield store.get()


random.seed(1)
environment = simpy.Environment()
store = simpy.Store(environment, capacity=16)
for _ in range(10):
    environment.process(produce(environment, store, int(sys.argv[1])))
for _ in range(10):
    environment.process(consume(environment, store))
environment.run()
print(environment.now)
