//! `try` and `raise` become handlers that are pushed, popped and landed on.

use crate::check::steps::Writer;
use crate::code::{Address, HandlerKind, Instruction, Place};
use crate::problem::Problem;
use crate::source::Scalar;
use crate::spec::{Handler, Step};
use crate::value::ExceptionKind;

impl Writer<'_, '_> {
    pub(super) fn raise_again(&mut self) {
        if self.depth.handling == 0 && self.depth.interrupted == 0 {
            let span = self.place.span;
            let problem =
                Problem::new(span, "`raise:` alone outside of `except`", "no exception is being handled here");
            self.problem(problem.help("write the exception: `raise: ValueError('why')`"));
        }
        self.emit(Instruction::RaiseAgain);
    }

    pub(super) fn guarded(&mut self, steps: &[Step], handlers: &[Handler], otherwise: &[Step], finally: &[Step]) {
        use Instruction as I;
        if handlers.is_empty() && finally.is_empty() {
            let span = self.place.span;
            self.problem(Problem::new(
                span,
                "`try` without `except` or `finally`",
                "nothing follows that would matter",
            ));
        }
        let asked = self.asked.len();
        let cleanup = (!finally.is_empty()).then(|| self.push_handler(HandlerKind::Finally));
        if handlers.is_empty() {
            self.steps(steps);
            self.steps(otherwise);
        } else {
            let catch = self.push_handler(HandlerKind::Except);
            self.steps(steps);
            self.pop_handler();
            self.steps(otherwise);
            let end = self.emit(I::Jump(0));
            self.land(catch);
            self.forget_asked(asked);
            self.handlers_of(handlers, end);
        }
        if let Some(cleanup) = cleanup {
            self.finally(cleanup, asked, |writer| writer.steps(finally));
        }
    }

    /// What runs in any case when the steps behind the handler `cleanup` are over; `asked` is how many generators had
    /// been asked before them.
    pub(super) fn finally(&mut self, cleanup: Address, asked: usize, write: impl FnOnce(&mut Self)) {
        self.pop_handler();
        self.emit(Instruction::BeginFinally);
        self.land(cleanup);
        self.forget_asked(asked);
        self.depth.interrupted += 1;
        write(self);
        self.depth.interrupted -= 1;
        self.emit(Instruction::EndFinally);
    }

    /// An exception, a return or a break leaves the loops of the guarded steps: Python lets go of their generators
    /// before the handler runs.
    fn forget_asked(&mut self, from: usize) {
        for number in from..self.asked.len() {
            self.emit(Instruction::Forget(self.asked[number]));
        }
    }

    fn handlers_of(&mut self, handlers: &[Handler], end: Address) {
        use Instruction as I;
        let mut ends = vec![end];
        for handler in handlers {
            let outer = self.place;
            let span = handler.place.0;
            self.place = Place { line: self.lines.line_column(span.start as usize).0, span };
            let kinds = self.kinds(handler.on.as_ref());
            let name = handler.name.as_ref().and_then(|name| self.compiler.targets(name));
            let catch = self.emit(I::Catch { kinds, name, next: 0 });
            self.depth.handling += 1;
            self.steps(&handler.steps);
            self.depth.handling -= 1;
            self.emit(I::EndCatch);
            ends.push(self.emit(I::Jump(0)));
            self.land(catch);
            self.place = outer;
        }
        self.emit(I::Reraise);
        for end in ends {
            self.land(end);
        }
    }

    pub(super) fn push_handler(&mut self, kind: HandlerKind) -> Address {
        self.depth.handlers += 1;
        self.emit(Instruction::PushHandler { address: 0, kind })
    }

    pub(super) fn pop_handler(&mut self) {
        self.depth.handlers -= 1;
        self.emit(Instruction::PopHandler);
    }

    /// The exceptions that a clause catches; all ordinary ones where it names none.
    fn kinds(&mut self, on: Option<&Scalar>) -> Vec<ExceptionKind> {
        let Some(on) = on else { return vec![ExceptionKind::Exception] };
        let mut kinds = Vec::new();
        let mut start = 0;
        for part in on.value.split(',') {
            let name = part.trim().trim_matches(['(', ')']).trim();
            match ExceptionKind::from_name(name) {
                Some(kind) => kinds.push(kind),
                None => {
                    let from = start + part.find(name).unwrap_or(0);
                    let span = on.locate(from, from + name.len());
                    let problem =
                        Problem::new(span, format!("unknown exception `{name}`"), "expected an exception's name");
                    let known = ExceptionKind::ALL.iter().map(|kind| kind.name());
                    let near = crate::suggest::nearest(name, known);
                    self.problem(match near {
                        Some(near) => {
                            problem.help(format!("did you mean `{near}`?")).patch(Some((span, near.to_owned())))
                        }
                        None => problem,
                    });
                }
            }
            start += part.len() + 1;
        }
        kinds
    }
}
