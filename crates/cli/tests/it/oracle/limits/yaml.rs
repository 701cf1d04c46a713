//! A program about time limits as a scenario.

use super::program::{Catches, Limit, Program, Step, Then};

const HEAD: &str = "\
shared:
  ts: '[]'
tasks:
  leaf(name, delay):
    - print: '{name} begins at {now():0.6f}'
    - try:
        - sleep: seconds(delay)
      except:
        - on: CancelledError
          as: e
          do:
            - print: '{name} cancelled {e} at {now():0.6f}'
            - raise:
    - return: f'{name} slept'
";

/// The text of the scenario.
pub(super) fn text(program: &Program) -> String {
    let mut writer = Writer { text: HEAD.to_owned(), number: 0, limits: 0 };
    for (task, steps) in program.tasks.iter().enumerate() {
        writer.line(1, &format!("t{task}():"));
        writer.line(2, "- let: limits = []");
        writer.steps(2, task, steps);
        writer.line(2, &format!("- return: \"'t{task} is over'\""));
    }
    let count = program.tasks.len();
    writer.line(0, "main:");
    for task in 0..count {
        writer.line(1, &format!("- spawn: t{task}()"));
        writer.line(1, "  as: t");
        writer.line(1, "- call: ts.append(t)");
    }
    writer.line(1, "- gather: ts");
    writer.line(1, "  return_exceptions: true");
    writer.line(1, "  as: results");
    writer.line(1, "- print: '{results}'");
    writer.line(1, "- print: '{[t.cancelling() for t in ts]} {[t.cancelled() for t in ts]} {now():0.6f}'");
    writer.text
}

struct Writer {
    text: String,
    number: usize,
    limits: usize,
}

impl Writer {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn say(&mut self, depth: usize, task: usize, text: &str) {
        let number = self.number;
        self.line(depth, &format!("- print: 't{task} {number} {text} at {{now():0.6f}}'"));
    }

    fn steps(&mut self, depth: usize, task: usize, steps: &[Step]) {
        for step in steps {
            self.number += 1;
            self.step(depth, task, step);
        }
    }

    /// Awaits something and says what came of it.
    fn awaited(&mut self, depth: usize, task: usize, awaited: &str) {
        self.line(depth, "- try:");
        self.line(depth + 2, &format!("- await: \"{awaited}\""));
        self.line(depth + 2, "  as: x");
        self.say(depth + 2, task, "got {x}");
        self.line(depth, "  except:");
        self.line(depth + 2, "- on: TimeoutError, ValueError");
        self.line(depth + 2, "  as: e");
        self.line(depth + 2, "  do:");
        self.say(depth + 4, task, "failed {e!r}");
        self.line(depth + 2, "- on: CancelledError");
        self.line(depth + 2, "  as: e");
        self.line(depth + 2, "  do:");
        self.line(depth + 4, "- let: c = current_task().cancelling()");
        self.say(depth + 4, task, "cancelled {e!r} {c}");
        self.line(depth + 4, "- if: c > 0");
        self.line(depth + 4, "  do:");
        self.line(depth + 6, "- raise:");
    }

    fn step(&mut self, depth: usize, task: usize, step: &Step) {
        let number = self.number;
        match step {
            Step::Sleep(seconds) => {
                self.line(depth, &format!("- sleep: seconds({seconds})"));
                self.say(depth, task, "slept");
            }
            Step::Block(seconds) => self.line(depth, &format!("- block: seconds({seconds})")),
            Step::Raise => self.line(depth, &format!("- raise: \"ValueError('t{task} {number}')\"")),
            Step::Cancel { task: other, message } => {
                let message = message.map_or_else(String::new, |message| format!("'{message}'"));
                self.line(depth, &format!("- call: \"ts[{other}].cancel({message})\""));
                self.line(depth, "  as: x");
                self.say(depth, task, &format!("cancels {other}: {{x}} {{ts[{other}].cancelling()}}"));
            }
            Step::Uncancel => {
                self.line(depth, "- call: current_task().uncancel()");
                self.line(depth, "  as: x");
                self.say(depth, task, "uncancels: {x}");
            }
            Step::Await(other) => self.awaited(depth, task, &format!("ts[{other}]")),
            Step::Shield(other) => self.awaited(depth, task, &format!("shield(ts[{other}])")),
            Step::ShieldOfCoroutine(delay) => {
                self.awaited(depth, task, &format!("shield(leaf('l{number}', {delay}))"));
            }
            Step::WaitForTask(other, limit) => self.awaited(depth, task, &format!("wait_for(ts[{other}], {limit})")),
            Step::WaitForCoroutine(delay, limit) => {
                self.awaited(depth, task, &format!("wait_for(leaf('l{number}', {delay}), {limit})"));
            }
            Step::WaitForShield(other, limit) => {
                self.awaited(depth, task, &format!("wait_for(shield(ts[{other}]), {limit})"));
            }
            Step::Reschedule(limit) => {
                let when = limit.map_or_else(|| "None".to_owned(), |limit| format!("now() + {limit}"));
                self.line(depth, "- if: len(limits) > 0 and not limits[-1].expired()");
                self.line(depth, "  do:");
                self.line(depth + 2, "- try:");
                self.line(depth + 4, &format!("- call: limits[-1].reschedule({when})"));
                self.line(depth + 2, "  except:");
                self.line(depth + 4, "- on: RuntimeError");
                self.line(depth + 4, "  as: e");
                self.line(depth + 4, "  do:");
                self.line(depth + 6, &format!("- print: 't{task} {number} {{e}}'"));
            }
            _ => self.block(depth, task, step),
        }
    }

    /// Steps that hold steps.
    fn block(&mut self, depth: usize, task: usize, step: &Step) {
        match step {
            Step::Limit { kind, steps, catches } => self.limit(depth, task, *kind, steps, *catches),
            Step::Try { steps, cleanup, then } => {
                self.line(depth, "- try:");
                self.steps(depth + 2, task, steps);
                self.line(depth, "  except:");
                self.line(depth + 2, "- on: CancelledError");
                self.line(depth + 2, "  as: e");
                self.line(depth + 2, "  do:");
                self.number += 1;
                self.say(depth + 4, task, "caught {e!r} {current_task().cancelling()}");
                self.steps(depth + 4, task, cleanup);
                if *then == Then::RaisesAgain {
                    self.line(depth + 4, "- raise:");
                }
            }
            Step::Finally { steps, cleanup } => {
                self.line(depth, "- try:");
                self.steps(depth + 2, task, steps);
                self.line(depth, "  finally:");
                self.number += 1;
                self.say(depth + 2, task, "cleans up");
                self.steps(depth + 2, task, cleanup);
            }
            Step::Leave(steps) => {
                self.line(depth, "- while: true");
                self.line(depth, "  do:");
                self.steps(depth + 2, task, steps);
                self.line(depth + 2, "- break:");
            }
            _ => unreachable!("every other step holds no steps"),
        }
    }

    fn limit(&mut self, depth: usize, task: usize, kind: Limit, steps: &[Step], catches: Catches) {
        self.limits += 1;
        let name = format!("limit{}", self.limits);
        let inside = if catches == Catches::TimeoutError { depth + 2 } else { depth };
        if catches == Catches::TimeoutError {
            self.line(depth, "- try:");
        }
        self.line(
            inside,
            &match kind {
                Limit::After(seconds) => format!("- timeout: seconds({seconds})"),
                Limit::At(seconds) => format!("- timeout_at: \"{seconds}\""),
                Limit::Never => "- timeout: None".to_owned(),
            },
        );
        self.line(inside, &format!("  as: {name}"));
        self.line(inside, "  do:");
        self.line(inside + 2, &format!("- call: limits.append({name})"));
        self.say(inside + 2, task, &format!("until {{{name}.when()}}"));
        self.steps(inside + 2, task, steps);
        if catches == Catches::TimeoutError {
            self.line(depth, "  except:");
            self.line(depth + 2, "- on: TimeoutError");
            self.line(depth + 2, "  do:");
            self.number += 1;
            self.say(depth + 4, task, &format!("timed out {{{name}.expired()}} {{current_task().cancelling()}}"));
        }
        self.number += 1;
        self.say(depth, task, &format!("behind {{{name}.expired()}}"));
    }
}
