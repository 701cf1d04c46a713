//! A generated program in Python.

use super::program::{Callee, Handling, Program, QUEUES, Seconds, Step};

/// The text of the program.
pub(super) fn text(program: &Program) -> String {
    let mut writer = Writer { text: String::new(), tasks: program.tasks.len(), caller: 0, number: 0 };
    writer.line(0, "import asyncio, random, time");
    for (number, queue) in QUEUES.iter().enumerate() {
        writer.line(0, &format!("q{number} = asyncio.{queue}"));
    }
    for (caller, steps) in program.tasks.iter().enumerate() {
        writer.caller = caller;
        writer.line(0, &format!("async def t{caller}(name):"));
        writer.line(1, "handles = []");
        writer.steps(1, steps);
        writer.line(1, "return f'{name} is over'");
    }
    writer.line(0, "asyncio.run(t0('main'))");
    writer.text
}

struct Writer {
    text: String,
    tasks: usize,
    caller: usize,
    /// Counts as the scenario does.
    number: usize,
}

impl Writer {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"    ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn steps(&mut self, depth: usize, steps: &[Step]) {
        for step in steps {
            self.number += 1;
            self.step(depth, step);
        }
    }

    fn print(&mut self, depth: usize, text: &str) {
        let number = self.number;
        self.line(depth, &format!("print(f'{{name}} {number} {text} at {{time.perf_counter():0.6f}}')"));
    }

    fn call(&mut self, callee: Callee) -> Option<String> {
        self.number += 1;
        let number = self.number;
        callee.after(self.caller, self.tasks).map(|task| format!("t{task}(f'{{name}}.{number}')"))
    }

    fn calls(&mut self, callees: &[Callee]) -> String {
        let calls: Vec<String> = callees.iter().filter_map(|callee| self.call(*callee)).collect();
        calls.join(", ")
    }

    fn with_handle(&mut self, depth: usize, number: usize, line: &str) {
        self.line(depth, "if handles:");
        self.line(depth + 1, &format!("handle = handles[{number} % len(handles)]"));
        self.line(depth + 1, line);
    }

    fn step(&mut self, depth: usize, step: &Step) {
        match step {
            Step::Say => self.print(depth, "says"),
            Step::Sleep(Seconds(seconds)) => self.line(depth, &format!("await asyncio.sleep({seconds:?})")),
            Step::Block(Seconds(seconds)) => self.line(depth, &format!("time.sleep({seconds:?})")),
            Step::Put(queue) => self.line(depth, &format!("await q{}.put(random.randint(0, 9))", queue.0)),
            Step::PutNowait(queue) => self.line(depth, &format!("q{}.put_nowait(random.randint(0, 9))", queue.0)),
            Step::Get(queue) => self.got(depth, &format!("await q{}.get()", queue.0)),
            Step::GetNowait(queue) => self.got(depth, &format!("q{}.get_nowait()", queue.0)),
            Step::TaskDone(queue) => self.line(depth, &format!("q{}.task_done()", queue.0)),
            Step::Join(queue) => self.line(depth, &format!("await q{}.join()", queue.0)),
            Step::Call(callee) => match self.call(*callee) {
                Some(call) => self.got(depth, &format!("await {call}")),
                None => self.line(depth, "pass"),
            },
            Step::Spawn(callee) => match self.call(*callee) {
                Some(call) => self.line(depth, &format!("handles.append(asyncio.create_task({call}))")),
                None => self.line(depth, "pass"),
            },
            Step::AwaitHandle(number) => self.with_handle(depth, *number, "await handle"),
            Step::Cancel(number) => self.with_handle(depth, *number, "handle.cancel()"),
            Step::LookAt(number) => {
                let line = "print(f'{name} sees {handle.done()} {handle.cancelled()}')";
                self.with_handle(depth, *number, line);
            }
            _ => self.larger_step(depth, step),
        }
    }

    fn got(&mut self, depth: usize, value: &str) {
        self.line(depth, &format!("got = {value}"));
        self.print(depth, "got {got!r}");
    }

    fn larger_step(&mut self, depth: usize, step: &Step) {
        match step {
            Step::Gather(callees) => {
                let calls = self.calls(callees);
                self.gather(depth, &calls);
            }
            Step::GatherExceptions(callees) => {
                let calls = self.calls(callees);
                self.line(depth, &format!("got = await asyncio.gather(*[{calls}], return_exceptions=True)"));
                self.print(depth, "gathered {got!r}");
            }
            Step::GatherSpawned(callees) => {
                let calls = self.calls(callees);
                self.line(depth, &format!("spawned = [asyncio.create_task(call) for call in [{calls}]]"));
                self.gather(depth, "*spawned");
            }
            Step::AsCompleted(callees) => {
                let calls = self.calls(callees);
                self.line(depth, &format!("for next_one in asyncio.as_completed([{calls}]):"));
                self.got(depth + 1, "await next_one");
            }
            Step::Draw => {
                self.line(depth, "got = random.randint(0, 99)");
                self.print(depth, "drew {got}");
            }
            Step::Raise => self.line(depth, "raise ValueError(f'{name} failed')"),
            Step::Return => self.line(depth, "return f'{name} returned'"),
            Step::Repeat(times, steps) => {
                self.line(depth, &format!("for _ in range({times}):"));
                self.steps(depth + 1, steps);
            }
            Step::IfEven(even, odd) => {
                self.line(depth, "if random.randint(0, 9) % 2 == 0:");
                self.steps(depth + 1, even);
                self.line(depth, "else:");
                self.line(depth + 1, "pass");
                self.steps(depth + 1, odd);
            }
            Step::Try(steps, handling, cleanup) => self.try_step(depth, steps, *handling, cleanup),
            _ => {}
        }
    }

    fn gather(&mut self, depth: usize, what: &str) {
        self.line(depth, &format!("got = await asyncio.gather({what})"));
        self.print(depth, "gathered {got}");
    }

    fn try_step(&mut self, depth: usize, steps: &[Step], handling: Handling, cleanup: &[Step]) {
        self.line(depth, "try:");
        self.steps(depth + 1, steps);
        let on = match handling {
            Handling::SwallowCancel | Handling::PassCancelOn => Some("asyncio.CancelledError"),
            Handling::CatchErrors => Some("(ValueError, asyncio.QueueEmpty, asyncio.QueueFull)"),
            Handling::OnlyCleanUp => None,
        };
        if let Some(on) = on {
            self.line(depth, &format!("except {on} as error:"));
            self.print(depth + 1, "caught {error!r}");
            if let Handling::PassCancelOn = handling {
                self.line(depth + 1, "raise");
            }
        }
        self.line(depth, "finally:");
        self.print(depth + 1, "cleans up");
        self.steps(depth + 1, cleanup);
    }
}
