//! Small functions that a program is given where it uses them.

/// A helper of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helper {
    /// When the program began.
    Start,
    /// `now()`: asyncio's clock begins anywhere, a scenario's at 0.
    Now,
    /// `on_loop_clock(seconds)`: the same for times that are given to the loop.
    OnLoopClock,
    /// `since_start(when)`: and for times that come from it.
    SinceStart,
    /// `mark(text)`.
    Mark,
    /// `each(awaitables)`: a lone argument may be one awaitable or a list of them.
    Each,
    /// `spawn(awaitables)`: the same for starting tasks.
    Spawn,
    /// `wait(tasks)`: asyncio gives sets, a scenario lists in the order given.
    Wait,
    /// `wait_for(awaitable, timeout)`: in Python 3.11 it takes more turns.
    WaitFor,
    /// What a parameter is when it is not given, where its default is made anew for each call.
    Missing,
}

impl Helper {
    /// The modules that it uses.
    pub(super) fn modules(self) -> &'static [&'static str] {
        match self {
            Helper::Start | Helper::Now => &["time"],
            Helper::Spawn | Helper::Wait | Helper::WaitFor => &["asyncio"],
            Helper::OnLoopClock | Helper::SinceStart | Helper::Mark | Helper::Each | Helper::Missing => &[],
        }
    }

    /// The helper that it uses.
    pub(super) fn needs(self) -> Option<Helper> {
        match self {
            Helper::Now | Helper::OnLoopClock | Helper::SinceStart => Some(Helper::Start),
            Helper::Spawn => Some(Helper::Each),
            _ => None,
        }
    }

    /// The line that stands among the constants.
    pub(super) fn constant(self) -> Option<&'static str> {
        match self {
            Helper::Start => Some("START = time.monotonic()"),
            Helper::Missing => Some("MISSING = object()"),
            _ => None,
        }
    }

    /// The function.
    pub(super) fn function(self) -> Option<&'static str> {
        match self {
            Helper::Start | Helper::Missing => None,
            Helper::Now => Some(NOW),
            Helper::OnLoopClock => Some(ON_LOOP_CLOCK),
            Helper::SinceStart => Some(SINCE_START),
            Helper::Mark => Some(MARK),
            Helper::Each => Some(EACH),
            Helper::Spawn => Some(SPAWN),
            Helper::Wait => Some(WAIT),
            Helper::WaitFor => Some(WAIT_FOR),
        }
    }
}

const NOW: &str = r#"def now():
    """The seconds since the program began."""
    return time.monotonic() - START
"#;

const ON_LOOP_CLOCK: &str = r#"def on_loop_clock(when):
    """Seconds since the program began as a time of the loop's clock."""
    return when if when is None else START + when
"#;

const SINCE_START: &str = r#"def since_start(when):
    """A time of the loop's clock as seconds since the program began."""
    return when if when is None else when - START
"#;

const WAIT_FOR: &str = r#"async def wait_for(awaitable, timeout):
    """asyncio.wait_for as it is since Python 3.12: without a task of its own."""
    if timeout is not None and timeout <= 0:
        return await asyncio.wait_for(awaitable, timeout)
    async with asyncio.timeout(timeout):
        return await awaitable
"#;

const MARK: &str = r#"def mark(text):
    """A point of the run with a name: nothing happens here."""
"#;

const EACH: &str = r#"def each(awaitables):
    """The elements of a list, or the one awaitable that was given in place of a list."""
    is_list = isinstance(awaitables, (list, tuple, range, dict))
    return awaitables if is_list else [awaitables]
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
    tasks = list(dict.fromkeys(tasks))
    return [t for t in tasks if t in done], [t for t in tasks if t in pending]
"#;
