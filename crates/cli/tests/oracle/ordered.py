"""Creation order in the places where asyncio iterates a set.

A set of tasks iterates by memory address, so what asyncio prints there differs from one process to the
next, and no simulator can (or should) say the same. In these places, and in no other, asyncio is given a
set that remembers the order in which things were put in:

- `TaskGroup`: the order in which the siblings of a failed task are cancelled;
- `wait` and `as_completed`: the order in which coroutines are started, and finished tasks handed out;
- `all_tasks`, and with it the cancelling at the end of `asyncio.run`;
- the async generators that are closed at the end of `asyncio.run`.
"""

import ast
import asyncio
import collections.abc
import inspect
import textwrap
import weakref


class OrderedSet(collections.abc.MutableSet):
    """A set that iterates in the order of insertion."""

    __slots__ = ("_members",)

    def __init__(self, members=()):
        self._members = dict.fromkeys(members)

    def __contains__(self, member):
        return member in self._members

    def __iter__(self):
        return iter(self._members)

    def __len__(self):
        return len(self._members)

    def __repr__(self):
        return "{" + ", ".join(map(repr, self._members)) + "}" if self._members else "set()"

    def add(self, member):
        self._members[member] = None

    def discard(self, member):
        self._members.pop(member, None)


class OrderedWeakSet(weakref.WeakKeyDictionary):
    """A weak set that iterates in the order of insertion, with the methods that a loop uses."""

    def add(self, member):
        self[member] = None

    def discard(self, member):
        self.pop(member, None)


class _SetDisplays(ast.NodeTransformer):
    """Turns `{f(x) for x in y}` into `set([f(x) for x in y])`, whose `set` can be given a meaning."""

    def visit_SetComp(self, node):
        self.generic_visit(node)
        items = ast.ListComp(elt=node.elt, generators=node.generators)
        call = ast.Call(func=ast.Name(id="set", ctx=ast.Load()), args=[items], keywords=[])
        return ast.copy_location(call, node)


def _with_ordered_displays(definition):
    """The same function or class of asyncio, compiled again so that its set comprehensions keep order."""
    source = textwrap.dedent(inspect.getsource(definition))
    tree = ast.fix_missing_locations(_SetDisplays().visit(ast.parse(source)))
    module = inspect.getmodule(definition)
    # A namespace of its own: `set` means OrderedSet here whatever the module says.
    namespace = {**vars(module), "set": OrderedSet}
    exec(compile(tree, module.__file__, "exec"), namespace)
    return namespace


# Since 3.13 the set lives in a class that the function merely instantiates.
if hasattr(asyncio.tasks, "_AsCompletedIterator"):
    _ITERATOR = _with_ordered_displays(asyncio.tasks._AsCompletedIterator)["_AsCompletedIterator"]
    _AS_COMPLETED = [(asyncio.tasks, "_AsCompletedIterator", _ITERATOR)]
else:
    _FUNCTION = _with_ordered_displays(asyncio.tasks.as_completed)["as_completed"]
    _AS_COMPLETED = [(asyncio, "as_completed", _FUNCTION)]


def replacements(all_tasks):
    """What to put where in asyncio's modules, as (module, name, value); `all_tasks` comes from the session."""
    return [
        (asyncio.tasks, "set", OrderedSet),
        (asyncio.taskgroups, "set", OrderedSet),
        *_AS_COMPLETED,
        (asyncio, "all_tasks", all_tasks),
        (asyncio.tasks, "all_tasks", all_tasks),
    ]
