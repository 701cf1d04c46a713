//! The heads of the file's tasks: their names, parameters, and whether they are generators.

use crate::check::callbacks::Uses;
use crate::code::{Argument, Arguments, Callee, Expr, Instruction, Target};
use crate::lang::ast::Signature;
use crate::source::Span;

/// What the rest of the file needs to know of a task.
pub(crate) struct TaskHead {
    pub(crate) signature: Signature,
    pub(crate) at: Span,
    pub(crate) is_generator: bool,
    pub(crate) uses: Uses,
}

/// The tasks, by number.
#[derive(Default)]
pub(crate) struct TaskHeads(pub(crate) Vec<TaskHead>);

impl TaskHeads {
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        let found = self.0.iter().position(|head| head.signature.name.text == name)?;
        u32::try_from(found).ok()
    }

    pub(crate) fn get(&self, number: u32) -> &TaskHead {
        &self.0[number as usize]
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|head| head.signature.name.text.as_str())
    }

    /// The step that awaits a value. A call that makes a coroutine with nothing to be found out first, since it has one
    /// plain argument for each parameter, is entered at once.
    pub(crate) fn awaiting(&self, value: Expr, target: Option<Target>) -> Instruction {
        if let Expr::Call(Callee::Task(function), arguments) = value {
            let head = self.get(function);
            if head.is_generator || arguments.positional.len() != head.signature.parameters.len() {
                return Instruction::Await(Expr::Call(Callee::Task(function), arguments), target);
            }
            return match arguments.into_plain() {
                Ok(arguments) => Instruction::AwaitCall { function, arguments, target },
                Err(arguments) => Instruction::Await(Expr::Call(Callee::Task(function), arguments), target),
            };
        }
        Instruction::awaiting(value, target)
    }

    /// Moves arguments given by name to their positions, where no default lies between: what is left by name is
    /// matched when the call is made.
    pub(crate) fn by_position(&self, task: u32, mut arguments: Arguments) -> Arguments {
        let parameters = &self.get(task).signature.parameters;
        let spread = arguments.positional.iter().any(|argument| matches!(argument, Argument::Spread(_)));
        while !spread && let Some((next, _)) = parameters.get(arguments.positional.len()) {
            let Some(found) = arguments.named.iter().position(|(name, _)| **name == *next.text) else { break };
            // Python evaluates arguments in the order written: only the first may move without being overtaken.
            if found != 0 {
                break;
            }
            let (_, value) = arguments.named.remove(0);
            arguments.positional.push(Argument::One(value));
        }
        arguments
    }
}
