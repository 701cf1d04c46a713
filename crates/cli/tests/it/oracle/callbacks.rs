//! Random programs of callbacks, futures and generators, exported and run by CPython.
//!
//! A program is a list of drawn steps over a fixed set of tasks: calls soon, later and at a time, some taken back; futures
//! that are set, fail or are cancelled while tasks wait for them; loops that leave their generators; and an end of main
//! that leaves some of it behind.

use std::fmt::Write;

use timeskip_scenario::Options;

use super::cpython::CPython;
use super::exported::check;
use super::varied;

const TASKS: &str = "
tasks:
  note(text):
    - print: '{now()} note {text}'
  again(text, left):
    - print: '{now()} again {text} {left}'
    - if: left > 0
      do:
        - call: call_soon(again, text, left - 1)
  tick(text, delay, left):
    - print: '{now()} tick {text} {left}'
    - if: left > 0
      do:
        - call: call_later(delay, tick, text, delay, left - 1)
  done(ended):
    - print: '{now()} done {ended.done()} {ended.cancelled()} {current_task()}'
  later_done(ended):
    - print: '{now()} later done'
    - call: ended.add_done_callback(done)
  answer(future, value):
    - if: not future.done()
      do:
        - call: future.set_result(value)
  refuse(future):
    - try:
        - call: future.set_exception(ValueError('refused'))
      except:
        - on: InvalidStateError
          as: error
          do:
            - print: '{error}'
  kill(task):
    - print: '{now()} kill {task.cancel()}'
  take_back(handle):
    - call: handle.cancel()
    - print: '{now()} taken back {handle.cancelled()}'
  start(text, delay):
    - spawn: sleeper(text, delay)
  broken():
    - let: never = 1 / 0
  stall(delay):
    - block: seconds(delay)
    - print: '{now()} stalled'
  sleeper(text, delay):
    - try:
        - sleep: seconds(delay)
        - print: '{now()} slept {text}'
      except:
        - on: CancelledError
          do:
            - print: '{now()} cancelled {text}'
            - raise:
  wait(name, future):
    - try:
        - await: future
          as: value
        - print: '{now()} {name} got {value}'
      except:
        - on: ValueError
          as: error
          do:
            - print: '{now()} {name} caught {error}'
        - on: CancelledError
          do:
            - print: '{now()} {name} cancelled'
            - raise:
  numbers(name, delay):
    - try:
        - for: number in range(5)
          do:
            - yield: number
            - sleep: seconds(delay)
      finally:
        - print: '{now()} {name} closes'
        - sleep: seconds(delay)
        - print: '{now()} {name} closed'
  leave(name, delay, stop):
    - async for: number in numbers(name, delay)
      do:
        - print: '{now()} {name} {number}'
        - if: number == stop
          do:
            - break:
    - print: '{now()} {name} left'
  leave_by_return(name, delay):
    - try:
        - async for: number in numbers(name, delay)
          do:
            - return: number
      finally:
        - print: '{now()} {name} returns'
        - sleep: 0s
        - print: '{now()} {name} returned'
  leave_by_raise(name, delay):
    - try:
        - async for: number in numbers(name, delay)
          do:
            - raise: ValueError(name)
      except:
        - on: ValueError
          as: error
          do:
            - print: '{now()} raised {error}'
            - sleep: 0s
            - print: '{now()} handled {error}'
";

const DELAYS: &[&str] = &["0", "0.1", "0.2", "0.3", "0.5", "1.0", "0.30000000000000004"];

/// The draws of one program.
struct Draw {
    seed: u64,
    drawn: u64,
}

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.drawn += 1;
        varied(self.seed, self.drawn, bound)
    }

    fn delay(&mut self) -> &'static str {
        DELAYS[self.below(DELAYS.len() as u64) as usize]
    }
}

/// What main has made so far, by number.
#[derive(Default)]
struct Made {
    futures: u64,
    handles: u64,
    tasks: u64,
}

/// A name of one of so many.
fn one_of(draw: &mut Draw, kind: &str, count: u64) -> String {
    format!("{kind}{}", draw.below(count))
}

/// Main's next step, or more of them.
fn step(draw: &mut Draw, number: u64, made: &mut Made, text: &mut String) {
    let delay = draw.delay();
    let mut line = |line: &str| writeln!(text, "  - {line}").expect("a String takes every text");
    let mut call = |made: &mut Made, call: &str| {
        line(&format!("call: {call}\n    as: handle{}", made.handles));
        made.handles += 1;
    };
    match draw.below(22) {
        0 | 1 => call(made, &format!("call_soon(note, {number})")),
        2 => call(made, &format!("call_soon(again, {number}, {})", 1 + draw.below(4))),
        3 | 4 => call(made, &format!("call_later({delay}, note, {number})")),
        5 => call(made, &format!("call_later({delay}, tick, {number}, {}, {})", draw.delay(), draw.below(4))),
        6 => call(made, &format!("call_at(now() + {delay}, start, {number}, {})", draw.delay())),
        7 => call(made, &format!("call_later({delay}, broken)")),
        8 => call(made, &format!("call_later({delay}, stall, 0.1)")),
        9 if made.handles > 0 => {
            let handle = one_of(draw, "handle", made.handles);
            call(made, &format!("call_later({delay}, take_back, {handle})"));
        }
        10 if made.futures > 0 => {
            let future = one_of(draw, "future", made.futures);
            call(made, &format!("call_later({delay}, answer, {future}, {number})"));
        }
        11 if made.futures > 0 => {
            let future = one_of(draw, "future", made.futures);
            call(made, &format!("call_later({delay}, refuse, {future})"));
        }
        12 if made.futures > 0 => {
            let future = one_of(draw, "future", made.futures);
            line(&format!("call: {future}.add_done_callback({})", ["done", "later_done"][draw.below(2) as usize]));
        }
        13 if made.futures > 0 => {
            let future = one_of(draw, "future", made.futures);
            line(&format!("print: '{{now()}} removed {{{future}.remove_done_callback(done)}}'"));
        }
        14 if made.futures > 0 => {
            let future = one_of(draw, "future", made.futures);
            line(&format!("spawn: wait('w{number}', {future})\n    as: task{}", made.tasks));
            made.tasks += 1;
        }
        15 if made.tasks > 0 => {
            let task = one_of(draw, "task", made.tasks);
            call(made, &format!("call_later({delay}, kill, {task})"));
            line(&format!("call: {task}.add_done_callback(done)"));
        }
        16 => {
            let leaving = match draw.below(4) {
                0 => format!("leave_by_return('r{number}', {delay})"),
                1 => format!("leave_by_raise('e{number}', {delay})"),
                _ => format!("leave('g{number}', {delay}, {})", draw.below(3)),
            };
            line(&format!("spawn: {leaving}\n    as: task{}", made.tasks));
            made.tasks += 1;
        }
        17 => {
            line(&format!("spawn: sleeper({number}, {delay})\n    as: task{}", made.tasks));
            made.tasks += 1;
        }
        18 => line(&format!("await: leave('m{number}', {delay}, 0)")),
        19 | 20 => line(&format!("sleep: seconds({delay})")),
        _ => {
            line(&format!("let: future{} = Future()", made.futures));
            made.futures += 1;
        }
    }
}

/// How a program ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Perhaps in the middle of everything.
    Any,
    /// When all is over that would be closed: before 3.13 a task that closes a generator loses its cleanup when it is
    /// cancelled before it began.
    Quiet,
}

fn program(seed: u64, end: End) -> String {
    let mut draw = Draw { seed, drawn: 0 };
    let mut text = format!("{TASKS}shared:\n  kept: numbers('kept', 0.1)\nmain:\n");
    let mut made = Made::default();
    for number in 0..8 + draw.below(16) {
        step(&mut draw, number, &mut made, &mut text);
    }
    if draw.below(2) == 0 {
        text.push_str("  - async for: number in kept\n    do:\n      - break:\n");
    }
    match end {
        End::Quiet => text.push_str("  - sleep: 20050ms\n"),
        End::Any if draw.below(3) > 0 => text.push_str("  - sleep: 2s\n"),
        End::Any => {}
    }
    text.push_str("  - print: '{now()} main returns'\n");
    text
}

#[test]
fn random_programs() {
    let Some(mut cpython) = CPython::start("random programs of callbacks") else { return };
    let end = if cpython.is_at_least(3, 13) { End::Any } else { End::Quiet };
    for seed in 0..400 {
        check(&mut cpython, &program(seed, end), &Options::default(), 0.0);
    }
    cpython.finish("random programs of callbacks, futures and generators");
}
