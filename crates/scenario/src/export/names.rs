//! Names: what a variable or a task of the file is called in Python.
//!
//! A scenario keeps variables, tasks and functions apart; in Python they share one namespace. A name that would hide
//! something that the program needs gets a `_` behind it, as is the custom.

use std::collections::BTreeSet;

use super::variables;
use crate::pattern::identifiers;
use crate::spec::{Program, Spec};

/// What a program may need under its own name: Python's functions and exceptions, the modules, and the helpers.
const RESERVED: &[&str] = &[
    // What the exported program itself is made of.
    "START",
    "asyncio",
    "each",
    "main",
    "mark",
    "now",
    "on_loop_clock",
    "random",
    "secrets",
    "since_start",
    "spawn",
    "time",
    "wait",
    "wait_for",
    "MISSING",
    // Words that Python does not let be assigned; its keywords are none of ours either.
    "__debug__",
    // Python's functions.
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "chr",
    "dict",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "hash",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "slice",
    "sorted",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];

/// The names of one file.
pub(super) struct Names {
    /// Every identifier that the file writes anywhere, so that no new name meets an old one.
    written: BTreeSet<String>,
    tasks: BTreeSet<String>,
    /// The variables of the file and of its tasks.
    variables: BTreeSet<String>,
    /// The params and shared variables.
    globals: BTreeSet<String>,
}

/// Helpers that stand for functions of the language: where a task has the name of one, no call means the helper.
const HIDDEN_BY_TASKS: &[&str] = &["now", "wait", "wait_for"];

impl Names {
    /// The names of a file without patterns.
    pub(super) fn new(spec: &Spec, program: &Program) -> Names {
        let task = |head: &str| identifiers(head).next().map(|(_, name)| name.to_owned());
        let tasks = program.tasks.iter().filter_map(|(head, _)| task(&head.value)).collect();
        let params = spec.params.iter().map(|(name, _)| &name.value);
        let globals: Vec<String> = program.shared.iter().map(|(name, _)| &name.value).chain(params).cloned().collect();
        let heads =
            program.tasks.iter().flat_map(|(head, _)| identifiers(&head.value)).map(|(_, name)| name.to_owned());
        let mut variables: Vec<String> = heads.chain(Vec::clone(&globals)).collect();
        let bodies = program.tasks.iter().map(|(_, steps)| steps).chain([&program.main, &spec.after]);
        bodies.clone().for_each(|steps| crate::check::assigned(steps, &mut variables));
        let mut written: BTreeSet<String> = variables.iter().cloned().collect();
        bodies.for_each(|steps| variables::words(steps, &mut written));
        let values = program.shared.iter().flat_map(|(_, value)| identifiers(&value.value));
        written.extend(values.map(|(_, name)| name.to_owned()));
        Names { written, tasks, globals: globals.into_iter().collect(), variables: variables.into_iter().collect() }
    }

    /// Whether the file has a variable of this name.
    pub(super) fn is_variable(&self, name: &str) -> bool {
        self.variables.contains(name)
    }

    /// Whether a variable of this name belongs to the whole file.
    pub(super) fn is_global(&self, name: &str) -> bool {
        self.globals.contains(name)
    }

    /// Whether a call of this name calls a task of the file.
    pub(super) fn is_task(&self, name: &str) -> bool {
        self.tasks.contains(name)
    }

    /// What a task is called.
    pub(super) fn task(&self, name: &str) -> String {
        let is_free = !is_reserved(name) || HIDDEN_BY_TASKS.contains(&name);
        if is_free { name.to_owned() } else { self.beside(name, 1) }
    }

    /// What a variable is called: also where it has the name of a task, since a variable of Python's hides a function.
    pub(super) fn variable(&self, name: &str) -> String {
        let steps = usize::from(is_reserved(name)) + usize::from(self.is_task(name));
        if steps > 0 { self.beside(name, steps) } else { name.to_owned() }
    }

    /// A name that the file does not use, for what the export adds.
    pub(super) fn fresh(&self, base: &str) -> String {
        if self.is_free(base) { base.to_owned() } else { self.beside(base, 1) }
    }

    /// The `count`th free name that is this one with `_` behind it.
    fn beside(&self, name: &str, count: usize) -> String {
        let longer = (1..).map(|length| format!("{name}{}", "_".repeat(length)));
        longer.filter(|name| self.is_free(name)).nth(count - 1).unwrap_or_default()
    }

    fn is_free(&self, name: &str) -> bool {
        !self.written.contains(name) && !is_reserved(name)
    }
}

fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || crate::value::ExceptionKind::from_name(name).is_some()
}
