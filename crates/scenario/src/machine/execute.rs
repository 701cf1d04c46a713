//! The instructions.

use std::task::Context as PollContext;

use timeskip_trace::Note;

use crate::code::{Code, Expr, Instruction, Slot, Target};
use crate::machine::Machine;
use crate::machine::evaluate::{Evaluator, Names};
use crate::machine::frame::{Handler, Interrupted};
use crate::machine::functions;
use crate::machine::naming::Naming;
use crate::machine::objects::{self, Completions, Iteration};
use crate::machine::outcome::describe;
use crate::machine::primitives;
use crate::value::error::{error, type_error};
use crate::value::{Exception, ExceptionKind, Result, Value, iterate, let_go};

/// What follows an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// The next one.
    On,
    /// The task waits.
    Waits,
    /// The task ends with the value that is left in its variables.
    Ends,
}

impl Machine {
    /// Runs instructions from the one on that the top frame is at, until the task waits or ends. Those that only touch
    /// the variables of the top frame follow each other without another look at the frames.
    pub(super) fn instructions(&mut self, code: &Code, context: &mut PollContext<'_>) -> Result<Flow> {
        use Instruction as I;
        'frames: loop {
            let Some(frame) = self.frames.last_mut() else { return Ok(self.end_with(Value::None)) };
            let function = &code.functions[frame.function as usize];
            let mut evaluator = Evaluator {
                context: &self.context,
                task: self.number,
                slots: &mut self.slots[frame.base as usize..],
                names: Names::Function(frame.function),
            };
            'variables: loop {
                let Some(instruction) = evaluator.context.fetch(function, frame.at)? else {
                    return self.return_through(Value::None);
                };
                let flow = 'beyond: {
                    match instruction {
                        I::Assign(target, value) => evaluator.assign(target, value)?,
                        I::Evaluate(value) => let_go(Some(evaluator.value(value)?)),
                        I::TaskDone(object) => evaluator.task_done(object)?,
                        I::JumpUnless(condition, _) if evaluator.holds(condition)? => {}
                        I::CountDown { slot, .. } if evaluator.count_down(*slot) => {}
                        I::Jump(address) | I::JumpUnless(_, address) | I::CountDown { exit: address, .. } => {
                            frame.at = *address;
                            continue 'variables;
                        }
                        I::Sleep(seconds) => {
                            let delay = evaluator.delay(seconds)?;
                            break 'beyond self.sleep(delay, context);
                        }
                        I::AwaitCall { function, arguments, target } => {
                            break 'beyond self.enter_call(*function, arguments, target.as_ref())?;
                        }
                        I::AwaitPut { object, item, target } => {
                            evaluator.put(object, item, target.as_ref(), &mut self.awaiting)?;
                            if self.awaiting.is_some() {
                                break 'beyond self.wait_now(context)?;
                            }
                        }
                        I::AwaitGet { object, target } => {
                            evaluator.get(object, target.as_ref(), &mut self.awaiting)?;
                            if self.awaiting.is_some() {
                                break 'beyond self.wait_now(context)?;
                            }
                        }
                        I::Return(value) => match evaluator.int(value) {
                            Some(number) => break 'beyond self.return_value(number)?,
                            None => {
                                let value = evaluator.value(value)?;
                                break 'beyond self.return_value(value)?;
                            }
                        },
                        _ => break 'beyond self.common(code, instruction, context)?,
                    }
                    frame.at += 1;
                    continue 'variables;
                };
                match flow {
                    Flow::On => continue 'frames,
                    flow => return Ok(flow),
                }
            }
        }
    }

    /// Further instructions that many programs run.
    fn common(&mut self, code: &Code, instruction: &Instruction, context: &mut PollContext<'_>) -> Result<Flow> {
        use Instruction as I;
        match instruction {
            I::Await(value, _) => {
                let value = self.evaluator().value(value)?;
                return self.await_value(&value, context);
            }
            I::Print(text) => {
                let text = self.evaluator().text(text)?;
                self.context.print(self.number, &text);
            }
            I::Iterate(value, slot) => {
                let value = self.evaluator().value(value)?;
                let iterator = iterate(&value)?;
                self.set(*slot, objects::value(Iteration::new(iterator)));
            }
            I::Next { slot, target, exit } => {
                let next = self.kept::<Iteration>(*slot)?.next()?;
                match next {
                    Some(value) => self.evaluator().bind(target, value)?,
                    None => return Ok(self.finish_loop(*slot, *exit)),
                }
            }
            I::AssignEach(targets, value) => {
                let value = self.evaluator().value(value)?;
                let mut evaluator = self.evaluator();
                for target in targets {
                    evaluator.bind(target, value.clone())?;
                }
            }
            I::Make(target, value) => self.make(code, target, value)?,
            _ => return self.rare(instruction, context),
        }
        self.next();
        Ok(Flow::On)
    }

    /// The instructions that programs run less often.
    fn rare(&mut self, instruction: &Instruction, context: &mut PollContext<'_>) -> Result<Flow> {
        use Instruction as I;
        match instruction {
            I::Mark(text) => {
                let text = self.evaluator().text(text)?;
                self.context.note(|| Note::Marked(text));
            }
            I::Block(seconds) => {
                let delay = functions::blocking_delay(&self.evaluator().value(seconds)?)?;
                self.context.sim.block(delay);
            }
            I::Spawn { arguments, target } => self.spawn_all(arguments, target.as_ref())?,
            I::Gather { arguments, collect, .. } => return self.gather(arguments, *collect, context),
            I::Repeat(count, slot) => {
                let count = self.evaluator().value(count)?;
                let rounds = rounds(&count)?;
                self.set(*slot, Value::Int(rounds));
            }
            I::AsyncIterate(value, slot) => {
                let generator = self.evaluator().value(value)?;
                self.check_generator(&generator)?;
                self.set(*slot, generator);
            }
            I::AsyncNext { slot, .. } => return self.ask_generator(*slot),
            I::Forget(slot) => drop(self.evaluator().slots[*slot as usize].take()),
            I::Complete { arguments, timeout, slot } => {
                let completions = self.completions(arguments, timeout.as_ref())?;
                self.set(*slot, objects::value(completions));
            }
            I::NextCompleted { slot, target, exit } => {
                let next = self.kept::<Completions>(*slot)?.0.borrow_mut().next();
                let Some(next) = next else { return Ok(self.finish_loop(*slot, *exit)) };
                let value = self.completed_awaitable(next);
                self.evaluator().bind(target, value)?;
            }
            I::Raise(value) => {
                let value = self.evaluator().value(value)?;
                return Err(self.exception_to_raise(&value));
            }
            I::RaiseAgain => return Err(self.raise_again()),
            I::Yield(value) => {
                let value = match value {
                    Some(value) => self.evaluator().value(value)?,
                    None => Value::None,
                };
                return self.yield_value(value);
            }
            _ => return self.managed(instruction, context),
        }
        self.next();
        Ok(Flow::On)
    }

    /// The instructions of `with`, `timeout` and `group`.
    fn managed(&mut self, instruction: &Instruction, context: &mut PollContext<'_>) -> Result<Flow> {
        use Instruction as I;
        match instruction {
            I::Enter { held, .. } => return self.enter_context(*held, context),
            I::Exit(held) => primitives::exit(&self.kept_value(*held))?,
            I::Condition(value, slot) => {
                let value = self.evaluator().value(value)?;
                objects::condition(&value)?;
                self.set(*slot, value);
            }
            I::EnterTimeout { deadline, limit, slot, target } => {
                self.enter_timeout(*deadline, limit, *slot, target.as_ref())?;
            }
            I::ExitTimeout(slot) => self.exit_timeout(*slot)?,
            I::Expire(value, _) => {
                let value = self.evaluator().value(value)?;
                return self.expire(&value, context);
            }
            I::EnterGroup { slot, target } => self.enter_group(*slot, target.as_ref())?,
            I::StartInGroup { slot, arguments } => self.start_in_group(*slot, arguments)?,
            I::ExitGroup(slot) => return self.exit_group(*slot, context),
            _ => return self.guard(instruction),
        }
        self.next();
        Ok(Flow::On)
    }

    /// The instructions of `try`.
    fn guard(&mut self, instruction: &Instruction) -> Result<Flow> {
        use Instruction as I;
        let Some(frame) = self.frames.last_mut() else { return Ok(self.end_with(Value::None)) };
        let guards = &mut frame.extras.get_or_insert_default().guards;
        match instruction {
            I::PushHandler { address, kind } => {
                let (handling, interrupted) = (guards.handling.len(), guards.interrupted.len());
                guards.handlers.push(Handler { address: *address, kind: *kind, handling, interrupted });
            }
            I::PopHandler => drop(guards.handlers.pop()),
            I::BeginFinally => guards.interrupted.push(Interrupted::Nothing),
            I::EndFinally => return self.end_finally(),
            I::EndCatch => drop(guards.handling.pop()),
            I::Catch { kinds, name, next } => {
                let Some(exception) = guards.handling.last().cloned() else { return Ok(self.jump(*next)) };
                if !kinds.iter().any(|kind| exception.kind.is_a(*kind)) {
                    return Ok(self.jump(*next));
                }
                if let Some(name) = name {
                    self.evaluator().bind(name, Value::Exception(exception))?;
                }
            }
            I::Reraise => {
                let exception = guards.handling.pop();
                return Err(exception.unwrap_or_else(|| self.raise_again()));
            }
            I::Leave { address, depth } => {
                self.leave_to(*address, *depth);
                return Ok(Flow::On);
            }
            _ => unreachable!("every other instruction has its place above"),
        }
        self.next();
        Ok(Flow::On)
    }

    /// Goes on to the next instruction of the top frame.
    #[inline]
    pub(super) fn next(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.at += 1;
        }
    }

    pub(super) fn jump(&mut self, address: u32) -> Flow {
        if let Some(frame) = self.frames.last_mut() {
            frame.at = address;
        }
        Flow::On
    }

    /// A loop is over: what it kept goes.
    fn finish_loop(&mut self, slot: Slot, exit: u32) -> Flow {
        self.evaluator().slots[slot as usize] = None;
        self.jump(exit)
    }

    pub(super) fn set(&mut self, slot: Slot, value: Value) {
        self.evaluator().slots[slot as usize] = Some(value);
    }

    /// The value in a slot that no name reaches.
    pub(super) fn kept_value(&mut self, slot: Slot) -> Value {
        self.evaluator().slots[slot as usize].clone().unwrap_or(Value::None)
    }

    /// What a loop keeps in a slot.
    pub(super) fn kept<T: crate::value::Object>(&mut self, slot: Slot) -> Result<&T> {
        let base = self.frames.last().map_or(0, |frame| frame.base as usize);
        let value = self.slots[base + slot as usize].as_ref();
        value.and_then(objects::downcast::<T>).ok_or_else(|| type_error("a loop lost its place"))
    }

    /// Binds what makes primitives: they are called after the variable that they go to.
    fn make(&mut self, code: &Code, target: &Target, value: &Expr) -> Result<()> {
        let name = match target {
            Target::Local(slot) => Some(self.evaluator().names.of(&self.context, *slot)),
            Target::Global(number) => code.globals.get(*number as usize).cloned(),
            _ => None,
        };
        let naming = name.map(|name| Naming::of(&name, value));
        self.context.naming.replace(naming);
        let value = self.evaluator().value(value);
        self.context.naming.take();
        self.evaluator().bind(target, value?)
    }

    fn exception_to_raise(&mut self, value: &Value) -> std::rc::Rc<Exception> {
        match value {
            Value::Exception(exception) => {
                let exception = exception.clone();
                self.context.note(|| Note::Raised(describe(&exception)));
                exception
            }
            _ => error(ExceptionKind::TypeError, "exceptions must derive from BaseException"),
        }
    }
}

/// A count of rounds.
fn rounds(count: &Value) -> Result<i64> {
    match count {
        // As a range does: a negative count is none.
        Value::Int(count) => Ok(*count),
        Value::Bool(flag) => Ok(i64::from(*flag)),
        _ => Err(type_error(format!("'{}' object cannot be interpreted as an integer", count.type_name()))),
    }
}
