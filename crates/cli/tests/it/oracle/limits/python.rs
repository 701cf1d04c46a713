//! A program about time limits in Python.

use super::program::{Catches, Limit, Program, Step, Then};

const HEAD: &str = "\
import asyncio
import time


def now():
    return asyncio.get_running_loop().time()


async def leaf(name, delay):
    print(f'{name} begins at {now():0.6f}')
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError as e:
        print(f'{name} cancelled {e} at {now():0.6f}')
        raise
    return f'{name} slept'


ts = []

";

/// The text of the program.
pub(super) fn text(program: &Program) -> String {
    let mut writer = Writer { text: HEAD.to_owned(), number: 0, limits: 0 };
    for (task, steps) in program.tasks.iter().enumerate() {
        writer.line(0, &format!("async def t{task}():"));
        writer.line(1, "limits = []");
        writer.steps(1, task, steps);
        writer.line(1, &format!("return 't{task} is over'"));
        writer.text.push_str("\n\n");
    }
    let count = program.tasks.len();
    writer.line(0, "async def main():");
    for task in 0..count {
        writer.line(1, &format!("ts.append(asyncio.create_task(t{task}()))"));
    }
    writer.line(1, "results = await asyncio.gather(*ts, return_exceptions=True)");
    writer.line(1, "print(results)");
    writer.line(1, "print([t.cancelling() for t in ts], [t.cancelled() for t in ts], f'{now():0.6f}')");
    writer.text.push_str("\n\nasyncio.run(main())\n");
    writer.text
}

struct Writer {
    text: String,
    number: usize,
    limits: usize,
}

impl Writer {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"    ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn say(&mut self, depth: usize, task: usize, text: &str) {
        let number = self.number;
        self.line(depth, &format!("print(f't{task} {number} {text} at {{now():0.6f}}')"));
    }

    fn steps(&mut self, depth: usize, task: usize, steps: &[Step]) {
        for step in steps {
            self.number += 1;
            self.step(depth, task, step);
        }
    }

    /// Awaits something and says what came of it.
    fn awaited(&mut self, depth: usize, task: usize, awaited: &str) {
        let number = self.number;
        self.line(depth, "try:");
        self.line(depth + 1, &format!("x = await {awaited}"));
        self.say(depth + 1, task, "got {x}");
        self.line(depth, "except (TimeoutError, ValueError) as e:");
        self.line(depth + 1, &format!("print(f't{task} {number} failed {{e!r}} at {{now():0.6f}}')"));
        self.line(depth, "except asyncio.CancelledError as e:");
        self.line(depth + 1, "c = asyncio.current_task().cancelling()");
        self.line(depth + 1, &format!("print(f't{task} {number} cancelled {{e!r}} {{c}} at {{now():0.6f}}')"));
        self.line(depth + 1, "if c > 0:");
        self.line(depth + 2, "raise");
    }

    fn step(&mut self, depth: usize, task: usize, step: &Step) {
        let number = self.number;
        match step {
            Step::Sleep(seconds) => {
                self.line(depth, &format!("await asyncio.sleep({seconds})"));
                self.say(depth, task, "slept");
            }
            Step::Block(seconds) => self.line(depth, &format!("time.sleep({seconds})")),
            Step::Raise => self.line(depth, &format!("raise ValueError('t{task} {number}')")),
            Step::Cancel { task: other, message } => {
                let message = message.map_or_else(String::new, |message| format!("'{message}'"));
                self.line(depth, &format!("x = ts[{other}].cancel({message})"));
                self.say(depth, task, &format!("cancels {other}: {{x}} {{ts[{other}].cancelling()}}"));
            }
            Step::Uncancel => {
                self.line(depth, "x = asyncio.current_task().uncancel()");
                self.say(depth, task, "uncancels: {x}");
            }
            Step::Await(other) => self.awaited(depth, task, &format!("ts[{other}]")),
            Step::Shield(other) => self.awaited(depth, task, &format!("asyncio.shield(ts[{other}])")),
            Step::ShieldOfCoroutine(delay) => {
                self.awaited(depth, task, &format!("asyncio.shield(leaf('l{number}', {delay}))"));
            }
            Step::WaitForTask(other, limit) => {
                self.awaited(depth, task, &format!("asyncio.wait_for(ts[{other}], {limit})"));
            }
            Step::WaitForCoroutine(delay, limit) => {
                self.awaited(depth, task, &format!("asyncio.wait_for(leaf('l{number}', {delay}), {limit})"));
            }
            Step::WaitForShield(other, limit) => {
                self.awaited(depth, task, &format!("asyncio.wait_for(asyncio.shield(ts[{other}]), {limit})"));
            }
            Step::Reschedule(limit) => {
                self.line(depth, "if len(limits) > 0 and not limits[-1].expired():");
                let when = limit.map_or_else(|| "None".to_owned(), |limit| format!("now() + {limit}"));
                self.line(depth + 1, "try:");
                self.line(depth + 2, &format!("limits[-1].reschedule({when})"));
                self.line(depth + 1, "except RuntimeError as e:");
                self.line(depth + 2, &format!("print(f't{task} {number} {{e}}')"));
            }
            Step::Limit { kind, steps, catches } => self.limit(depth, task, *kind, steps, *catches),
            Step::Try { steps, cleanup, then } => {
                self.line(depth, "try:");
                self.steps(depth + 1, task, steps);
                self.line(depth, "except asyncio.CancelledError as e:");
                self.number += 1;
                self.say(depth + 1, task, "caught {e!r} {asyncio.current_task().cancelling()}");
                self.steps(depth + 1, task, cleanup);
                if *then == Then::RaisesAgain {
                    self.line(depth + 1, "raise");
                }
            }
            Step::Finally { steps, cleanup } => {
                self.line(depth, "try:");
                self.steps(depth + 1, task, steps);
                self.line(depth, "finally:");
                self.number += 1;
                self.say(depth + 1, task, "cleans up");
                self.steps(depth + 1, task, cleanup);
            }
            Step::Leave(steps) => {
                self.line(depth, "while True:");
                self.steps(depth + 1, task, steps);
                self.line(depth + 1, "break");
            }
        }
    }

    fn limit(&mut self, depth: usize, task: usize, kind: Limit, steps: &[Step], catches: Catches) {
        self.limits += 1;
        let name = format!("limit{}", self.limits);
        let made = match kind {
            Limit::After(seconds) => format!("timeout({seconds})"),
            Limit::At(seconds) => format!("timeout_at({seconds})"),
            Limit::Never => "timeout(None)".to_owned(),
        };
        let inside = if catches == Catches::TimeoutError { depth + 1 } else { depth };
        if catches == Catches::TimeoutError {
            self.line(depth, "try:");
        }
        self.line(inside, &format!("async with asyncio.{made} as {name}:"));
        self.line(inside + 1, &format!("limits.append({name})"));
        self.say(inside + 1, task, &format!("until {{{name}.when()}}"));
        self.steps(inside + 1, task, steps);
        if catches == Catches::TimeoutError {
            self.line(depth, "except TimeoutError:");
            self.number += 1;
            self.say(
                depth + 1,
                task,
                &format!("timed out {{{name}.expired()}} {{asyncio.current_task().cancelling()}}"),
            );
        }
        self.number += 1;
        self.say(depth, task, &format!("behind {{{name}.expired()}}"));
    }
}
