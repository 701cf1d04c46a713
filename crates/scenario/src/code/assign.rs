//! How an assignment is run: the commonest shape has an instruction of its own.

use super::{Callee, Expr, Instruction, RunFunction, Target};

impl Instruction {
    /// Binds a value to one target or, from the left, to each of several.
    pub(crate) fn assign(mut targets: Vec<Target>, value: Expr) -> Instruction {
        if targets.len() > 1 {
            return Instruction::AssignEach(targets, value);
        }
        match targets.pop() {
            Some(target) if makes_primitives(&value) => Instruction::Make(target, value),
            Some(target) => Instruction::Assign(target, value),
            None => Instruction::evaluating(value),
        }
    }
}

/// Whether a value may be a primitive, or hold some, that is made where it stands.
fn makes_primitives(value: &Expr) -> bool {
    use Callee::{Constructor, Function};
    match value {
        Expr::Call(callee, _) => matches!(callee, Constructor(_) | Function(RunFunction::Gather)),
        _ => matches!(value, Expr::List(_) | Expr::Comprehension(_)),
    }
}
