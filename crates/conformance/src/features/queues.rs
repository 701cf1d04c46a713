//! Queues of three classes, with and without a bound.

use proptest::prelude::*;

use crate::features::Step as AnyStep;
use crate::lowering::Lowering;
use crate::program::Pick;
use crate::statement::Statement;
use crate::strategy::{Weighted, pick};

/// A step of this feature.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Put(Pick),
    PutNowait(Pick),
    Get(Pick),
    GetNowait(Pick),
    TaskDone(Pick),
    Join(Pick),
    Look(Pick),
}

pub(crate) fn leaves() -> Weighted {
    let with = |make: fn(Pick) -> Step| pick().prop_map(move |pick| AnyStep::Queues(make(pick))).boxed();
    vec![
        (7, with(Step::Put)),
        (1, with(Step::PutNowait)),
        (4, with(Step::Get)),
        (1, with(Step::GetNowait)),
        (2, with(Step::TaskDone)),
        (1, with(Step::Join)),
        (1, with(Step::Look)),
    ]
}

pub(crate) fn nested(_: &BoxedStrategy<AnyStep>) -> Weighted {
    Vec::new()
}

impl Step {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Step::Put(_) => "put",
            Step::PutNowait(_) => "put_nowait",
            Step::Get(_) => "get",
            Step::GetNowait(_) => "get_nowait",
            Step::TaskDone(_) => "task_done",
            Step::Join(_) => "join",
            Step::Look(_) => "qsize, empty, full",
        }
    }

    pub(crate) fn lower(&self, lowering: &mut Lowering<'_>) -> Vec<Statement> {
        let item = "randint(0, 9)";
        match self {
            Step::Put(queue) => {
                let queue = lowering.queue(*queue);
                vec![Statement::of("await", format!("{queue}.put({item})")), lowering.print("has put")]
            }
            Step::PutNowait(queue) => {
                vec![Statement::of("call", format!("{}.put_nowait({item})", lowering.queue(*queue)))]
            }
            Step::Get(queue) => got("await", format!("{}.get()", lowering.queue(*queue)), lowering),
            Step::GetNowait(queue) => got("call", format!("{}.get_nowait()", lowering.queue(*queue)), lowering),
            Step::TaskDone(queue) => vec![Statement::of("call", format!("{}.task_done()", lowering.queue(*queue)))],
            Step::Join(queue) => {
                vec![Statement::of("await", format!("{}.join()", lowering.queue(*queue))), lowering.print("has joined")]
            }
            Step::Look(queue) => {
                let queue = lowering.queue(*queue);
                vec![lowering.print(&format!("sees {{{queue}.qsize()}} {{{queue}.empty()}} {{{queue}.full()}}"))]
            }
        }
    }
}

fn got(key: &'static str, call: String, lowering: &Lowering<'_>) -> Vec<Statement> {
    vec![Statement::of(key, call).with("as", "got"), lowering.print("got {got}")]
}
