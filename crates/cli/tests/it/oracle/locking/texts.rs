//! A program in both languages, written side by side.

use super::program::{Handling, PRIMITIVES, Program, Step};

/// The scenario and the Python program.
pub(super) fn of(program: &Program) -> (String, String) {
    let mut writer = Writer::default();
    writer.scenario(0, "shared:");
    writer.python(0, "import asyncio, re, time");
    for (name, made) in PRIMITIVES {
        writer.scenario(1, &format!("{name}: {made}"));
        writer.python(0, &format!("{name} = asyncio.{made}"));
    }
    writer.scenario(1, "stock: \"[]\"\n  ts: \"[]\"\ntasks:");
    writer.python(0, "stock, ts = [], []");
    for (number, steps) in program.tasks.iter().enumerate() {
        writer.task = number;
        writer.scenario(1, &format!("t{number}():"));
        writer.python(0, &format!("async def t{number}():"));
        writer.steps(2, 1, steps);
        writer.both((2, &format!("- return: f'end of {number}'")), (1, &format!("return 'end of {number}'")));
    }
    writer.task = program.tasks.len();
    writer.main(program);
    (writer.scenario, writer.python)
}

#[derive(Default)]
struct Writer {
    scenario: String,
    python: String,
    /// The task that is being written; main comes last.
    task: usize,
    /// Numbers steps, so that each can be told from all others.
    number: usize,
}

type Line<'text> = (usize, &'text str);

impl Writer {
    fn scenario(&mut self, depth: usize, line: &str) {
        self.scenario.push_str(&format!("{}{line}\n", "  ".repeat(depth)));
    }

    fn python(&mut self, depth: usize, line: &str) {
        self.python.push_str(&format!("{}{line}\n", "    ".repeat(depth)));
    }

    fn both(&mut self, scenario: Line<'_>, python: Line<'_>) {
        self.scenario(scenario.0, scenario.1);
        self.python(python.0, python.1);
    }

    fn main(&mut self, program: &Program) {
        self.scenario(1, "work():");
        self.python(0, "async def work():");
        self.steps(2, 1, &program.main);
        self.both((2, "- return: f'worked'"), (1, "return 'worked'"));
        self.scenario(0, "main:");
        self.python(0, "async def main():");
        for number in 0..program.tasks.len() {
            self.scenario(1, &format!("- spawn: t{number}()\n    as: t\n  - call: ts.append(t)"));
            self.python(1, &format!("ts.append(asyncio.create_task(t{number}()))"));
        }
        self.scenario(1, "- gather: work()\n    return_exceptions: true\n    as: worked\n  - print: \"{worked}\"");
        self.python(1, "print(await asyncio.gather(work(), return_exceptions=True))");
        self.scenario(1, "- sleep: 3s\n  - for: t in ts\n    do:\n      - call: t.cancel()");
        self.python(1, "await asyncio.sleep(3)\n    for t in ts:\n        t.cancel()");
        self.scenario(1, "- gather: ts\n    return_exceptions: true\n    as: ended\n  - print: \"{ended} {now()}\"");
        self.python(1, "ended = await asyncio.gather(*ts, return_exceptions=True)");
        self.python(1, "print(f'{ended} {time.perf_counter()}')");
        self.python(0, "asyncio.run(main())");
    }

    fn steps(&mut self, deep: usize, depth: usize, steps: &[Step]) {
        if steps.is_empty() {
            self.both((deep, "- pass:"), (depth, "pass"));
        }
        for step in steps {
            self.number += 1;
            self.step(deep, depth, step);
        }
    }

    fn print(&mut self, deep: usize, depth: usize, text: &str) {
        let start = format!("{}.{}", self.task, self.number);
        self.scenario(deep, &format!("- print: \"{start} {text} at {{now()}}\""));
        self.python(depth, &format!("print(f'{start} {text} at {{time.perf_counter()}}')"));
    }

    /// A step with a result, which is printed.
    fn give(&mut self, deep: usize, depth: usize, step: Line<'_>, python: &str) {
        let _ = step.0;
        self.both((deep, step.1), (depth, python));
        self.scenario(deep + 1, "as: x");
        self.print(deep, depth, "{x!r}");
    }

    fn step(&mut self, deep: usize, depth: usize, step: &Step) {
        match step {
            Step::Say => self.print(deep, depth, "says"),
            Step::Look => {
                let holes: Vec<String> = PRIMITIVES.iter().map(|(name, _)| format!("{{{name}}}")).collect();
                let line = holes.join(" ");
                self.scenario(deep, &format!("- print: \"{line}\""));
                self.python(depth, &format!("print(re.sub(' at 0x[0-9a-f]*', '', f'{line}'))"));
            }
            Step::Sleep(seconds) => {
                self.scenario(deep, &format!("- sleep: seconds({seconds:?})"));
                self.python(depth, &format!("await asyncio.sleep({seconds:?})"));
            }
            Step::Await(operation) => {
                self.give(deep, depth, (0, &format!("- await: {operation}")), &format!("x = await {operation}"));
            }
            Step::Call(operation) => {
                self.give(deep, depth, (0, &format!("- call: {operation}")), &format!("x = {operation}"));
            }
            Step::WaitFor(condition, least) => {
                let scenario = format!("- await: {condition}.wait_for(len(stock) > {least})");
                let python = format!("x = await {condition}.wait_for(lambda: len(stock) > {least})");
                self.give(deep, depth, (0, &scenario), &python);
            }
            Step::Gather(operations) => {
                let operations = operations.join(", ");
                let python = format!("x = await asyncio.gather({operations})");
                self.give(deep, depth, (0, &format!("- gather: {operations}")), &python);
            }
            Step::Cancel(number) => {
                let call = format!("ts[{number} % len(ts)].cancel()");
                self.give(deep, depth, (0, &format!("- call: {call}")), &format!("x = {call}"));
            }
            Step::Raise => self.both((deep, "- raise: ValueError('no')"), (depth, "raise ValueError('no')")),
            Step::Return => self.both((deep, "- return: 5"), (depth, "return 5")),
            Step::With(held, steps) => self.with(deep, depth, held, steps),
            Step::Repeat(times, steps) => {
                self.scenario(deep, &format!("- repeat: {times}\n{}  do:", "  ".repeat(deep)));
                self.python(depth, &format!("for _ in range({times}):"));
                self.steps(deep + 2, depth + 1, steps);
            }
            Step::LeaveFromWith(held, steps, leave) => {
                self.scenario(deep, &format!("- repeat: 2\n{}  do:", "  ".repeat(deep)));
                self.python(depth, "for _ in range(2):");
                self.with(deep + 2, depth + 1, held, steps);
                self.both((deep + 4, &format!("- {leave}:")), (depth + 2, leave));
            }
            Step::Try(steps, handling, cleanup) => self.guarded(deep, depth, steps, *handling, cleanup),
        }
    }

    fn with(&mut self, deep: usize, depth: usize, held: &str, steps: &[Step]) {
        let indent = "  ".repeat(deep);
        self.scenario(deep, &format!("- with: {held}\n{indent}  as: x\n{indent}  do:"));
        self.python(depth, &format!("async with {held} as x:"));
        self.print(deep + 2, depth + 1, &format!("in {held} {{x}}"));
        self.steps(deep + 2, depth + 1, steps);
    }

    fn guarded(&mut self, deep: usize, depth: usize, steps: &[Step], handling: Handling, cleanup: &[Step]) {
        self.both((deep, "- try:"), (depth, "try:"));
        self.steps(deep + 2, depth + 1, steps);
        let caught = match handling {
            Handling::OnlyCleanUp => None,
            Handling::CatchErrors => Some("Exception"),
            Handling::SwallowCancel | Handling::PassCancelOn => Some("CancelledError"),
        };
        if let Some(caught) = caught {
            let module = if caught == "Exception" { "" } else { "asyncio." };
            self.scenario(
                deep + 1,
                &format!("except:\n{0}    - on: {caught}\n{0}      as: e\n{0}      do:", "  ".repeat(deep)),
            );
            self.python(depth, &format!("except {module}{caught} as e:"));
            self.print(deep + 4, depth + 1, "caught {e!r}");
            if matches!(handling, Handling::PassCancelOn) {
                self.both((deep + 4, "- raise:"), (depth + 1, "raise"));
            }
        }
        self.both((deep + 1, "finally:"), (depth, "finally:"));
        self.print(deep + 2, depth + 1, "cleans up");
        self.steps(deep + 2, depth + 1, cleanup);
    }
}
