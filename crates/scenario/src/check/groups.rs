//! `group` becomes a `finally` whose steps wait for the members.

use crate::check::steps::Writer;
use crate::code::{HandlerKind, Instruction};
use crate::source::Scalar;
use crate::spec::Step;

impl Writer<'_, '_> {
    pub(super) fn group(&mut self, arguments: Option<&Scalar>, targets: &Option<Scalar>, steps: &[Step]) {
        use Instruction as I;
        let target = self.optional_target(targets);
        let slot = self.compiler.scope.hidden("group");
        self.emit(I::EnterGroup { slot, target });
        let asked = self.asked.len();
        let exit = self.push_handler(HandlerKind::Finally);
        if let Some(arguments) = arguments {
            let arguments = self.compiler.arguments(arguments);
            self.emit(I::StartInGroup { slot, arguments });
        }
        self.steps(steps);
        self.finally(exit, asked, |writer| {
            writer.emit(I::ExitGroup(slot));
        });
    }
}
