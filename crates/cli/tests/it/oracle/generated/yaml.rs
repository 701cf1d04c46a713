//! A generated program as a scenario.

use super::program::{Callee, Handling, Program, QUEUES, Seconds, Step};

/// The text of the scenario.
pub(super) fn text(program: &Program) -> String {
    let mut writer = Writer { text: String::new(), tasks: program.tasks.len(), caller: 0, number: 0 };
    writer.line(0, "random: {python: 0}");
    writer.line(0, "shared:");
    for (number, queue) in QUEUES.iter().enumerate() {
        writer.line(1, &format!("q{number}: {queue}"));
    }
    writer.line(0, "tasks:");
    for (caller, steps) in program.tasks.iter().enumerate() {
        writer.caller = caller;
        writer.line(1, &format!("t{caller}(name):"));
        writer.line(2, "- let: handles = []");
        writer.steps(2, steps);
        writer.line(2, "- return: f'{name} is over'");
    }
    writer.line(0, "main:");
    writer.line(1, "- await: t0('main')");
    writer.text
}

struct Writer {
    text: String,
    tasks: usize,
    caller: usize,
    /// Numbers steps and calls, so that each can be told from all others.
    number: usize,
}

impl Writer {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"  ".repeat(depth));
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
        self.line(depth, &format!("- print: \"{{name}} {number} {text} at {{now():0.6f}}\""));
    }

    fn call(&mut self, callee: Callee) -> Option<String> {
        self.number += 1;
        let number = self.number;
        callee.after(self.caller, self.tasks).map(|task| format!("t{task}(f'{{name}}.{number}')"))
    }

    fn calls(&mut self, callees: &[Callee]) -> String {
        let calls: Vec<String> = callees.iter().filter_map(|callee| self.call(*callee)).collect();
        format!("[{}]", calls.join(", "))
    }

    fn with_handle(&mut self, depth: usize, number: usize, line: &str) {
        self.line(depth, "- if: handles");
        self.line(depth, "  do:");
        self.line(depth + 2, &format!("- let: handle = handles[{number} % len(handles)]"));
        self.line(depth + 2, line);
    }

    fn step(&mut self, depth: usize, step: &Step) {
        match step {
            Step::Say => self.print(depth, "says"),
            Step::Sleep(Seconds(seconds)) => self.line(depth, &format!("- sleep: seconds({seconds:?})")),
            Step::Block(Seconds(seconds)) => self.line(depth, &format!("- block: seconds({seconds:?})")),
            Step::Put(queue) => self.line(depth, &format!("- await: q{}.put(randint(0, 9))", queue.0)),
            Step::PutNowait(queue) => self.line(depth, &format!("- call: q{}.put_nowait(randint(0, 9))", queue.0)),
            Step::Get(queue) => self.got(depth, "await", &format!("q{}.get()", queue.0)),
            Step::GetNowait(queue) => self.got(depth, "call", &format!("q{}.get_nowait()", queue.0)),
            Step::TaskDone(queue) => self.line(depth, &format!("- call: q{}.task_done()", queue.0)),
            Step::Join(queue) => self.line(depth, &format!("- await: q{}.join()", queue.0)),
            Step::Call(callee) => {
                if let Some(call) = self.call(*callee) {
                    self.got(depth, "await", &call);
                }
            }
            Step::Spawn(callee) => {
                if let Some(call) = self.call(*callee) {
                    self.line(depth, &format!("- spawn: {call}"));
                    self.line(depth, "  as: handle");
                    self.line(depth, "- call: handles.append(handle)");
                }
            }
            Step::AwaitHandle(number) => self.with_handle(depth, *number, "- await: handle"),
            Step::Cancel(number) => self.with_handle(depth, *number, "- call: handle.cancel()"),
            Step::LookAt(number) => {
                let line = "- print: \"{name} sees {handle.done()} {handle.cancelled()}\"";
                self.with_handle(depth, *number, line);
            }
            _ => self.larger_step(depth, step),
        }
    }

    fn got(&mut self, depth: usize, how: &str, call: &str) {
        self.line(depth, &format!("- {how}: {call}"));
        self.line(depth, "  as: got");
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
                self.line(depth, &format!("- gather: \"{calls}\""));
                self.line(depth, "  return_exceptions: true");
                self.line(depth, "  as: got");
                self.print(depth, "gathered {got!r}");
            }
            Step::GatherSpawned(callees) => {
                self.line(depth, "- let: spawned = []");
                for callee in callees {
                    if let Some(call) = self.call(*callee) {
                        self.line(depth, &format!("- spawn: {call}"));
                        self.line(depth, "  as: handle");
                        self.line(depth, "- call: spawned.append(handle)");
                    }
                }
                self.gather(depth, "spawned");
            }
            Step::AsCompleted(callees) => {
                let calls = self.calls(callees);
                self.line(depth, &format!("- as_completed: \"{calls}\""));
                self.line(depth, "  as: next_one");
                self.line(depth, "  do:");
                self.got(depth + 2, "await", "next_one");
            }
            Step::Draw => {
                self.line(depth, "- let: got = randint(0, 99)");
                self.print(depth, "drew {got}");
            }
            Step::Raise => self.line(depth, "- raise: ValueError(f'{name} failed')"),
            Step::Return => self.line(depth, "- return: f'{name} returned'"),
            Step::Repeat(times, steps) => {
                self.line(depth, &format!("- repeat: {times}"));
                self.body(depth, "do", steps);
            }
            Step::IfEven(even, odd) => {
                self.line(depth, "- if: randint(0, 9) % 2 == 0");
                self.body(depth, "do", even);
                self.body(depth, "else", odd);
            }
            Step::Try(steps, handling, cleanup) => self.try_step(depth, steps, *handling, cleanup),
            _ => {}
        }
    }

    fn gather(&mut self, depth: usize, what: &str) {
        self.line(depth, &format!("- gather: \"{what}\""));
        self.line(depth, "  as: got");
        self.print(depth, "gathered {got}");
    }

    fn body(&mut self, depth: usize, key: &str, steps: &[Step]) {
        if !steps.is_empty() {
            self.line(depth, &format!("  {key}:"));
            self.line(depth + 2, "- pass:");
            self.steps(depth + 2, steps);
        }
    }

    fn try_step(&mut self, depth: usize, steps: &[Step], handling: Handling, cleanup: &[Step]) {
        self.line(depth, "- try:");
        self.line(depth + 2, "- pass:");
        self.steps(depth + 2, steps);
        let on = match handling {
            Handling::SwallowCancel | Handling::PassCancelOn => Some("CancelledError"),
            Handling::CatchErrors => Some("ValueError, QueueEmpty, QueueFull"),
            Handling::OnlyCleanUp => None,
        };
        if let Some(on) = on {
            self.line(depth, "  except:");
            self.line(depth + 2, &format!("- on: {on}"));
            self.line(depth + 2, "  as: error");
            self.line(depth + 2, "  do:");
            self.print(depth + 4, "caught {error!r}");
            if let Handling::PassCancelOn = handling {
                self.line(depth + 4, "- raise:");
            }
        }
        self.line(depth, "  finally:");
        self.print(depth + 2, "cleans up");
        self.steps(depth + 2, cleanup);
    }
}
