//! The heads of the file's tasks: their names, parameters, and whether they are generators.

use crate::check::callbacks::Uses;
use crate::code::{Argument, Arguments, Callee, Expr, Instruction, Target};
use crate::lang;
use crate::lang::ast::{Name, Signature};
use crate::pattern::identifiers;
use crate::source::Span;

/// What the rest of the file needs to know of a task.
pub(crate) struct TaskHead {
    pub(crate) signature: Signature,
    pub(crate) at: Span,
    pub(crate) parameters: Parameters,
    pub(crate) is_generator: bool,
    pub(crate) uses: Uses,
}

/// Whether the parameters of a task are what its head says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parameters {
    Known,
    /// The head has a fault: calls with any arguments may be meant.
    Guessed,
}

impl TaskHead {
    pub(super) fn new(signature: Signature, at: Span, parameters: Parameters) -> TaskHead {
        TaskHead { signature, at, parameters, is_generator: false, uses: Uses::default() }
    }
}

/// The name of a task, and what may be its parameters, from a head that cannot be read.
pub(super) fn guess(head: &str) -> Signature {
    let name_of = |(start, word): (usize, &str)| {
        let at = lang::ast::Range {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(start + word.len()).unwrap_or(u32::MAX),
        };
        Name { text: word.to_owned(), at }
    };
    let bracket = head.find('(').unwrap_or(0);
    // The word at the bracket: `f` of `async def f(x)`.
    let before = identifiers(head).take_while(|(start, _)| *start < bracket).count();
    let mut words = identifiers(head).skip(before.saturating_sub(1)).map(name_of);
    let name = words.next().unwrap_or_else(|| name_of((0, "")));
    Signature { name, parameters: words.map(|word| (word, None)).collect() }
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
