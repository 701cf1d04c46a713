"""Evaluates expressions as CPython does, but for what docs/expressions.md says is different on purpose:

- an int beyond 64 bits is an OverflowError,
- `%` on a text is a TypeError,
- texts and lists beyond its bounds are a MemoryError,
- generators, `enumerate`, `zip`, `reversed` and the views of a dict are lists. (`any` and `all` over a generator draw no
  further than they must.)

Everything else is CPython's own doing.
"""

import ast
import builtins
import operator
import warnings

BEYOND = "integer beyond 64 bits: timeskip's integers have 64 bits"

def _bounded(value):
    # A divmod gives two.
    for number in value if type(value) is tuple else (value,):
        if type(number) is int and not -(2**63) <= number < 2**63:
            raise OverflowError(BEYOND)
    return value


def _operated(name, left, right):
    """An operation that has a departure, or that may grow beyond all memory: CPython would not come back from it."""
    if name == "mod" and type(left) is str:
        raise TypeError("% on a str is not supported: write a text with {..} in it")
    if type(left) in (int, bool) and type(right) in (int, bool):
        if name in ("lshift", "pow") and right > 1000 and left not in ((0,) if name == "lshift" else (-1, 0, 1)):
            raise OverflowError(BEYOND)
    elif name == "mul":
        for sequence, times in ((left, right), (right, left)):
            if type(times) in (int, bool) and type(sequence) in (str, list, tuple) and len(sequence) * times > 10**7:
                raise MemoryError
    return getattr(operator, name)(left, right)


def _as_list(value):
    return list(value) if type(value) in (enumerate, zip, reversed, *_ITERATORS) else value


_ITERATORS = [type(each) for each in ({}.keys(), {}.values(), {}.items(), reversed([]), reversed(()), reversed(range(0)))]
_ITERATORS += [type(reversed({})), type(reversed(range(2**70)))]


OPERATED = {ast.Mult: "mul", ast.LShift: "lshift", ast.Pow: "pow", ast.Mod: "mod"}


class _Bounding(ast.NodeTransformer):
    """Wraps every place where an int may grow, and makes lists of what would be used up."""

    def generic_visit(self, node):
        super().generic_visit(node)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATED:
            name = OPERATED[type(node.op)]
            node = ast.Call(ast.Name("_operated", ast.Load()), [ast.Constant(name), node.left, node.right], [])
        if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Call)):
            wrapped = ast.Call(ast.Name("_as_list", ast.Load()), [node], [])
            return ast.Call(ast.Name("_bounded", ast.Load()), [wrapped], [])
        return node

    def visit_Call(self, node):
        is_lazy = isinstance(node.func, ast.Name) and node.func.id in ("any", "all")
        if is_lazy and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            super().generic_visit(node.args[0])
            return node
        return self.generic_visit(node)

    def visit_GeneratorExp(self, node):
        super().generic_visit(node)
        return ast.ListComp(node.elt, node.generators)


def evaluate(variables, expression):
    """The `repr` of an expression's value, or of the exception that it raises; `variables` are assignments before it."""
    tree = ast.parse(expression.strip(), mode="eval")
    code = compile(ast.fix_missing_locations(_Bounding().visit(tree)), "<expression>", "eval")
    names = {"__builtins__": builtins, "_bounded": _bounded, "_as_list": _as_list, "_operated": _operated}
    exec(variables, names)
    try:
        return repr(eval(code, names))
    except Exception as error:
        return f"raises {error!r}"


def show(variables, expressions):
    """Prints what each expression comes to, one a line."""
    with warnings.catch_warnings():
        # That `1 is 1` or `~True` may be a mistake is no part of the answer.
        warnings.simplefilter("ignore")
        for expression in expressions:
            print(evaluate(variables, expression))
