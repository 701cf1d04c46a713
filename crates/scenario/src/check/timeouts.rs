//! `timeout:` becomes a handler that every way out of its steps leads through; `wait_for` is a function of such steps.

use std::rc::Rc;

use crate::check::steps::Writer;
use crate::code::{Deadline, Expr, Function, HandlerKind, Instruction, Place, Slot, Target};
use crate::lang::ast::CompareOp;
use crate::source::Scalar;
use crate::spec::Step;
use crate::value::Value;

impl Writer<'_, '_> {
    /// Steps with a time limit.
    pub(super) fn limited(&mut self, deadline: Deadline, limit: Expr, targets: &Option<Scalar>, steps: &[Step]) {
        use Instruction as I;
        let target = self.optional_target(targets);
        let slot = self.compiler.scope.hidden("timeout");
        self.emit(I::EnterTimeout { deadline, limit, slot, target });
        let cleanup = self.push_handler(HandlerKind::Finally);
        self.steps(steps);
        self.pop_handler();
        self.emit(I::BeginFinally);
        self.land(cleanup);
        self.depth.interrupted += 1;
        self.emit(I::ExitTimeout(slot));
        self.depth.interrupted -= 1;
        self.emit(I::EndFinally);
    }
}

/// The function that `wait_for(fut, timeout)` is a coroutine of: asyncio/tasks.py. No time at all cancels what has not
/// ended; else it is awaited within a timeout.
pub(super) fn wait_for() -> Function {
    use Instruction as I;
    const AWAITED: Slot = 0;
    const LIMIT: Slot = 1;
    const TIMEOUT: Slot = 2;
    const RESULT: Slot = 3;
    let limit = || Expr::Local(LIMIT);
    let is = |operator, value| Expr::Compare(Box::new(limit()), vec![(operator, Expr::Constant(value))]);
    let at_once = Expr::And(vec![is(CompareOp::IsNot, Value::None), is(CompareOp::LessEqual, Value::Int(0))]);
    let result = || Some(Target::Local(RESULT));
    let body = vec![
        I::JumpUnless(at_once, 3),
        I::Expire(Expr::Local(AWAITED), result()),
        I::Return(Expr::Local(RESULT)),
        I::EnterTimeout { deadline: Deadline::After, limit: limit(), slot: TIMEOUT, target: None },
        I::PushHandler { address: 7, kind: HandlerKind::Finally },
        I::Await(Expr::Local(AWAITED), result()),
        I::Return(Expr::Local(RESULT)),
        I::ExitTimeout(TIMEOUT),
        I::EndFinally,
    ];
    let names = ["fut", "timeout", "(timeout)", "(result)"].map(Rc::from);
    Function {
        name: "wait_for".into(),
        parameters: names[..2].iter().map(|name| (Rc::clone(name), None)).collect(),
        slots: names.to_vec(),
        is_generator: false,
        is_callback: false,
        places: vec![Place::default(); body.len()],
        body,
    }
}
