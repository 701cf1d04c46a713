//! Small functions that a program is given where it uses them.

/// A helper of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helper {
    /// `now()`: asyncio's clock begins anywhere, a scenario's at 0.
    Now,
    /// `mark(text)`.
    Mark,
    /// `each(awaitables)`: a lone argument may be one awaitable or a list of them.
    Each,
    /// `spawn(awaitables)`: the same for starting tasks.
    Spawn,
    /// `wait(tasks)`: asyncio gives sets, a scenario lists in the order given.
    Wait,
    /// What a parameter is when it is not given, where its default is made anew for each call.
    Missing,
}

impl Helper {
    /// The modules that it uses.
    pub(super) fn modules(self) -> &'static [&'static str] {
        match self {
            Helper::Now => &["time"],
            Helper::Spawn | Helper::Wait => &["asyncio"],
            Helper::Mark | Helper::Each | Helper::Missing => &[],
        }
    }

    /// The helpers that it calls.
    pub(super) fn needs(self) -> Option<Helper> {
        (self == Helper::Spawn).then_some(Helper::Each)
    }

    /// The line that stands among the constants.
    pub(super) fn constant(self) -> Option<&'static str> {
        match self {
            Helper::Now => Some("START = time.perf_counter()"),
            Helper::Missing => Some("MISSING = object()"),
            Helper::Mark | Helper::Each | Helper::Spawn | Helper::Wait => None,
        }
    }

    /// The function.
    pub(super) fn function(self) -> Option<&'static str> {
        match self {
            Helper::Now => Some(NOW),
            Helper::Mark => Some(MARK),
            Helper::Each => Some(EACH),
            Helper::Spawn => Some(SPAWN),
            Helper::Wait => Some(WAIT),
            Helper::Missing => None,
        }
    }
}

const NOW: &str = r#"def now():
    """The seconds since the program began."""
    return time.perf_counter() - START
"#;

const MARK: &str = r#"def mark(text):
    """A point of the run with a name: nothing happens here."""
"#;

const EACH: &str = r#"def each(awaitables):
    """The elements of a list, or the one awaitable that was given in place of a list."""
    return awaitables if isinstance(awaitables, (list, tuple, range, dict)) else [awaitables]
"#;

const SPAWN: &str = r#"def spawn(awaitables):
    """Starts a task, or a list of tasks for a list."""
    if each(awaitables) is awaitables:
        return [asyncio.ensure_future(awaitable) for awaitable in awaitables]
    return asyncio.ensure_future(awaitables)
"#;

const WAIT: &str = r#"async def wait(tasks, timeout=None, return_when=asyncio.ALL_COMPLETED):
    """The tasks that have ended and those that have not, each in the order given."""
    done, pending = await asyncio.wait(tasks, timeout=timeout, return_when=return_when)
    tasks = dict.fromkeys(tasks)
    return [task for task in tasks if task in done], [task for task in tasks if task in pending]
"#;
