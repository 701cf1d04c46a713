//! Expressions by what they mostly are, each made of smaller ones; now and then of a kind that does not fit.

use proptest::prelude::*;
use proptest::sample::select;

/// How deep expressions nest.
const DEPTH: usize = 4;

/// All expressions.
pub(super) fn expressions() -> BoxedStrategy<String> {
    let Level { any, truth, .. } = (0..DEPTH).fold(Level::leaves(), |level, _| level.above());
    // Only here: a choice without brackets would be no expression in most places below.
    let choice = with_three(&["# if # else #", "# if not # else #"], &any, &truth, &any);
    prop_oneof![9 => any, 1 => choice].boxed()
}

/// Expressions up to some depth.
struct Level {
    number: BoxedStrategy<String>,
    text: BoxedStrategy<String>,
    list: BoxedStrategy<String>,
    truth: BoxedStrategy<String>,
    any: BoxedStrategy<String>,
}

const INTS: [&str; 14] =
    ["0", "1", "2", "-1", "5", "-3", "10", "63", "100", "9223372036854775807", "(-9223372036854775808)", "a", "b", "z"];
const FLOATS: [&str; 10] = ["0.0", "-0.0", "0.5", "2.5", "-1.5", "1e16", "1e-7", "123456.789", "float('inf')", "x"];
const TEXTS: [&str; 12] =
    ["''", "'a'", "'ab'", "'abcab'", "' spaced  out '", "'12'", "'-7'", "'É日'", "'x\\ty'", "s", "e", "u"];
const LISTS: [&str; 12] =
    ["[]", "[1]", "[1, 2, 3]", "['a', 'b']", "range(4)", "range(5, 0, -2)", "()", "(1,)", "xs", "ys", "t", "n"];
const OTHERS: [&str; 8] =
    ["None", "True", "False", "d", "{}", "{'a': 1, 'b': [2]}", "f", "{1: 'x', 2.0: 'y', True: 'z'}"];
const NAMES: [&str; 3] = ["i", "j", "xs"];

fn one_of(words: &'static [&'static str]) -> BoxedStrategy<String> {
    select(words).prop_map(str::to_owned).boxed()
}

/// A template whose `#` are filled in order.
fn fill(template: &str, parts: &[&String]) -> String {
    let mut parts = parts.iter();
    let mut filled = String::new();
    for character in template.chars() {
        match character {
            '#' => filled.push_str(parts.next().expect("as many parts as places")),
            other => filled.push(other),
        }
    }
    assert!(parts.next().is_none(), "{template} has too few places");
    filled
}

/// Templates of one place, of two, of three.
fn with_one(templates: &'static [&'static str], part: &BoxedStrategy<String>) -> BoxedStrategy<String> {
    (select(templates), part.clone()).prop_map(|(template, part)| fill(template, &[&part])).boxed()
}

fn with_two(
    templates: &'static [&'static str],
    one: &BoxedStrategy<String>,
    two: &BoxedStrategy<String>,
) -> BoxedStrategy<String> {
    (select(templates), one.clone(), two.clone()).prop_map(|(template, one, two)| fill(template, &[&one, &two])).boxed()
}

fn with_three(
    templates: &'static [&'static str],
    one: &BoxedStrategy<String>,
    two: &BoxedStrategy<String>,
    three: &BoxedStrategy<String>,
) -> BoxedStrategy<String> {
    let parts = (select(templates), one.clone(), two.clone(), three.clone());
    parts.prop_map(|(template, one, two, three)| fill(template, &[&one, &two, &three])).boxed()
}

impl Level {
    fn leaves() -> Level {
        let number = prop_oneof![3 => one_of(&INTS), 2 => one_of(&FLOATS)].boxed();
        let (text, list, truth) = (one_of(&TEXTS), one_of(&LISTS), one_of(&["True", "False", "f"]));
        let any = prop_oneof![3 => number.clone(), 2 => text.clone(), 2 => list.clone(), 1 => one_of(&OTHERS)].boxed();
        Level { number, text, list, truth, any }
    }

    fn above(self) -> Level {
        let number = prop_oneof![
            2 => self.number.clone(),
            4 => self.arithmetic(),
            2 => self.measures(),
            1 => self.choices(),
        ]
        .boxed();
        let text = prop_oneof![2 => self.text.clone(), 3 => self.texts(), 2 => self.formats()].boxed();
        let list = prop_oneof![2 => self.list.clone(), 2 => self.lists(), 3 => self.comprehensions()].boxed();
        let truth = prop_oneof![1 => self.truth.clone(), 4 => self.truths()].boxed();
        let any = prop_oneof![
            3 => number.clone(),
            3 => text.clone(),
            3 => list.clone(),
            3 => truth.clone(),
            1 => self.choices(),
            1 => self.dicts(),
            1 => self.any.clone(),
        ]
        .boxed();
        Level { number, text, list, truth, any }
    }

    /// Mostly numbers, now and then something else.
    fn numberlike(&self) -> BoxedStrategy<String> {
        prop_oneof![8 => self.number.clone(), 1 => self.truth.clone(), 1 => self.any.clone()].boxed()
    }

    fn listlike(&self) -> BoxedStrategy<String> {
        prop_oneof![8 => self.list.clone(), 1 => self.text.clone(), 1 => self.any.clone()].boxed()
    }

    fn arithmetic(&self) -> BoxedStrategy<String> {
        let number = self.numberlike();
        prop_oneof![
            with_one(&["-#", "+#", "~#", "abs(#)", "(-#)", "int(#)", "float(#)", "round(#)", "bool(#)"], &number),
            with_two(
                &["# + #", "# - #", "# * #", "# / #", "# // #", "# % #", "# & #", "# | #", "# ^ #"],
                &number,
                &number
            ),
            with_two(&["(# + #)", "(# - #)", "(# * #)", "(# / #)", "(# // #)", "(# % #)"], &number, &number),
            with_two(&["min(#, #)", "max(#, #)", "divmod(#, #)", "round(#, 2)+#", "pow(#, 2)-#"], &number, &number),
            with_one(&["# ** 2", "2 ** #", "# << 3", "# >> 2", "1 << #", "round(#, 1)", "round(#, -1)"], &number),
            with_three(
                &["# + # * #", "# - # - #", "# // # % #", "# * (# + #)", "# / # * #"],
                &number,
                &number,
                &number
            ),
        ]
        .boxed()
    }

    fn measures(&self) -> BoxedStrategy<String> {
        let list = self.listlike();
        prop_oneof![
            with_one(
                &["len(#)", "sum(len(str(i)) for i in #)", "max(#)", "min(#)", "max(#, default=7)", "(#)[0]"],
                &list
            ),
            with_one(&["sum(int(i) for i in #)", "sum(1 for i in # if i)", "len([i for i in # if i])"], &list),
            with_two(&["list(#).count(#)", "list(#).index(#)"], &list, &self.any),
            with_two(&["(#).count(#)", "(#).find(#)", "(#).rfind(#)", "(#).index(#)"], &self.text, &self.text),
            with_two(&["(#)[#]"], &list, &self.number),
        ]
        .boxed()
    }

    fn choices(&self) -> BoxedStrategy<String> {
        prop_oneof![
            with_three(&["(# if # else #)"], &self.any, &self.truth, &self.any),
            with_two(&["(# and #)", "(# or #)", "# and #", "# or #"], &self.any, &self.any),
            with_three(&["# or # and #", "(# and # or #)", "(not # and (# or #))"], &self.any, &self.any, &self.any),
            with_two(&["d.get(#, #)", "(#, #)[1]", "[#, #][-1]"], &self.any, &self.any),
        ]
        .boxed()
    }

    fn truths(&self) -> BoxedStrategy<String> {
        let (any, number, list) = (&self.any, &self.number, self.listlike());
        prop_oneof![
            with_two(&["# < #", "# <= #", "# > #", "# >= #", "(# < #)", "(# == #)"], &self.numberlike(), number),
            with_two(&["# == #", "# != #", "(# == #)", "(# != #)"], any, any),
            with_two(&["# in #", "# not in #", "(# in #)"], any, &list),
            with_three(
                &["# < # < #", "# <= # > #", "# == # < #", "(# < # != #)", "# > # in [#]"],
                number,
                number,
                number
            ),
            with_one(&["(not #)", "bool(#)", "# is None", "# is not None"], any),
            with_one(&["any(#)", "all(#)", "any(i for i in #)", "all(i for i in #)", "all(not i for i in #)"], &list),
            with_two(&["any(i == # for i in #)", "all(i != # for i in #)"], any, &list),
            with_one(
                &["any(j for i in n for j in # if i)", "all(i < 2 for i in # if i != 3)", "any(not i for i in #)"],
                &list
            ),
            with_two(&["(#).startswith(#)", "(#).endswith(#)", "# in #", "# < #"], &self.text, &self.text),
            with_one(&["(#).isdigit()"], &self.text),
        ]
        .boxed()
    }

    fn texts(&self) -> BoxedStrategy<String> {
        let (text, number) = (&self.text, &self.number);
        prop_oneof![
            with_two(&["# + #", "(# + #)", "(#).strip(#)", "(#).join([#, 'z'])"], text, text),
            with_one(
                &["(#).upper()", "(#).lower()", "(#).title()", "(#).capitalize()", "(#).strip()", "(#).rstrip()"],
                text
            ),
            with_one(&["(#)[::-1]", "(#)[1:]", "(#)[:-1]", "(#)[-2:]", "(#)[::2]", "(#)[-1]", "(#) * 2"], text),
            with_three(&["(#).replace(#, #)"], text, text, text),
            with_two(&["(#).center(10, #)", "(#).join(ys)+#", "(#).ljust(7)+#", "(#).rjust(7)+#"], text, text),
            with_two(&["# * #"], text, &one_of(&["0", "1", "3", "-1", "z", "True"])),
            with_one(
                &["', '.join(str(i) for i in #)", "'-'.join(sorted(str(i) for i in #))", "str(#)"],
                &self.listlike()
            ),
            with_one(&["str(#)", "repr(#)", "ascii(#)", "format(#)"], &self.any),
            with_one(&["str(#)", "(str(#)).zfill(6)", "hex(#)", "bin(#)"], number),
            with_one(&["chr(ord(#))"], text),
        ]
        .boxed()
    }

    fn formats(&self) -> BoxedStrategy<String> {
        let specs = one_of(&[
            "", "d", "5", "05", "<6", ">6", "^7", "*^9", "+", "+d", " d", ",", "_", "x", "#x", "o", "b", "#b", "e",
            ".3e", "f", ".0f", ".2f", "8.3f", "+.1f", "g", ".3g", "010.2f", "%", ".1%", "s", ".2", ".3s", "<8s", "c",
            "=+6", "n", ",.2f",
        ]);
        let converted =
            (one_of(&["", "<6", ">6", "*^9", "s", ".2", "<8s", ".3s", "5"]), select(&["!r", "!s", "!a"][..]));
        let hole = (self.any.clone(), prop_oneof![specs.prop_map(|spec| (spec, "")), converted]);
        prop_oneof![
            (
                self.number.clone(),
                one_of(&["d", "05", "+", ",", "x", ".2f", "e", "g", ">9", "^9,", "_d", "%", "b", ".3", "12.4g"])
            )
                .prop_map(|(number, spec)| format!("format({number}, '{spec}')")),
            hole.prop_map(|(value, (spec, conversion))| {
                // A literal with a format of another type is refused before it runs, so the value is not a literal.
                // A hole has quotes of its own in CPython from 3.12 on; before, they must differ.
                let value = if value.contains(['\'', '"', '\\', '{']) { "s".to_owned() } else { value };
                format!("f\"<{{[{value}][0]{conversion}:{spec}}}>\"")
            }),
        ]
        .boxed()
    }

    fn lists(&self) -> BoxedStrategy<String> {
        let (any, list, text) = (&self.any, &self.list, &self.text);
        let bound = one_of(&["", "0", "1", "2", "-1", "-2", "7", "-9", "a", "None"]);
        prop_oneof![
            with_two(&["[#, #]", "(#, #)", "[(#, #)]", "[[#], #]"], any, any),
            with_two(&["# + #", "(# + #)"], list, list),
            with_one(
                &["list(#)", "tuple(#)", "sorted(#)", "sorted(#, reverse=True)", "list(reversed(#))"],
                &self.listlike()
            ),
            with_one(
                &["list(enumerate(#))", "enumerate(#, 2)", "list(zip(#, ys))", "(#) * 2", "(#)[::-1]"],
                &self.listlike()
            ),
            with_two(&["list(zip(#, #))", "zip(#, #, strict=True)"], list, list),
            (list.clone(), bound.clone(), bound.clone(), one_of(&["", "1", "2", "-1", "-2", "z"]))
                .prop_map(|(list, start, stop, step)| format!("({list})[{start}:{stop}:{step}]")),
            with_one(&["(#).split()", "(#).split('a')", "(#).rsplit(None, 1)", "(#).split('b', 1)", "list(#)"], text),
            with_one(&["list(range(#))[:5]"], &one_of(&["3", "-3", "a", "x", "0", "b", "True", "s"])),
        ]
        .boxed()
    }

    fn comprehensions(&self) -> BoxedStrategy<String> {
        let (any, list) = (&self.any, &self.listlike());
        let element = prop_oneof![
            2 => one_of(&["i", "(i, i)", "[i]", "str(i)", "i * 2", "not i", "(i, xs)", "f'{i}'", "len(str(i))"]),
            1 => any.clone(),
        ]
        .boxed();
        let condition =
            one_of(&["i", "not i", "i == 1", "i != 'a'", "str(i) > '1'", "i in xs", "i is not None", "1 < a", "f"]);
        prop_oneof![
            with_two(
                &["[# for i in #]", "list(# for i in #)", "tuple(# for i in #)", "sorted(# for i in #)"],
                &element,
                list
            ),
            with_three(&["[# for i in # if #]", "list(# for i in # if #)"], &element, list, &condition),
            (element.clone(), list.clone(), condition.clone(), condition)
                .prop_map(|(element, list, one, two)| format!("[{element} for i in {list} if {one} if {two}]")),
            with_two(&["[(i, j) for i in # for j in #]", "[[j for j in #] for i in #]"], list, list),
            with_one(
                &[
                    "[i for j in n for i in j if #]",
                    "[j for i, j in enumerate(xs) if #]",
                    "[i + j for i, j in zip(xs, xs) if #]"
                ],
                any
            ),
            (select(&NAMES[..]), list.clone())
                .prop_map(|(name, list)| format!("[{name} for {name} in {list}] + [{name} for {name} in xs]")),
        ]
        .boxed()
    }

    fn dicts(&self) -> BoxedStrategy<String> {
        let (any, list) = (&self.any, &self.list);
        prop_oneof![
            with_two(&["{#: #}", "{1: #, 'k': #}", "dict([(#, #)])", "d.setdefault(#, #)"], any, any),
            with_one(&["d[#]", "d.get(#)", "d.pop(#)", "# in d", "d.pop(#, None)"], any),
            with_one(&["dict(enumerate(#))", "dict(zip(#, xs))", "list(dict(enumerate(#)).items())"], list),
            with_one(&["list(d.keys()) + list(#)", "dict(a=#)", "dict(d, b=#)", "len(dict(d, b=#))"], list),
            with_one(&["xs.append(#)", "xs.remove(#)", "xs.insert(1, #)", "xs.extend(#)", "[xs.pop(), #]"], any),
        ]
        .boxed()
    }
}
