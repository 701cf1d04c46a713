//! Futures written by hand, which do what a program says.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::acts::wake_by_ref;
use super::combinator::Several;
use super::program::{Act, How, Keep, Step};
use super::world::{Kept, Place, Seen};

pub(crate) type Part = Pin<Box<dyn Future<Output = ()>>>;

/// The future of a task.
pub(crate) struct Task {
    number: u32,
    place: Place,
    script: Script,
}

impl Task {
    pub(crate) fn new(place: Place) -> Task {
        let number = place.world.add_task();
        place.world.made();
        let script = Script::new(place.clone(), place.world.program.bodies[place.body].steps.clone());
        Task { number, place, script }
    }
}

impl Future for Task {
    type Output = Rc<Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Rc<Output>> {
        /// Also where the poll panics.
        struct EndPoll(Place);
        impl Drop for EndPoll {
            fn drop(&mut self) {
                self.0.world.end_poll();
            }
        }
        self.place.world.begin_poll(self.number);
        let _end = EndPoll(self.place.clone());
        Pin::new(&mut self.script).poll(context).map(|()| Output::of(&self))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let Place { world, host, body, .. } = &self.place;
        world.dropped();
        world.future_dropped(self.number, host.is_running());
        self.place.act_in_drop(&world.program.bodies[*body].at_drop);
    }
}

/// What a task returns.
pub(crate) struct Output {
    number: u32,
    place: Place,
}

impl Output {
    fn of(task: &Task) -> Rc<Output> {
        task.place.world.made();
        Rc::new(Output { number: task.number, place: task.place.clone() })
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        let Place { world, host, body, .. } = &self.place;
        world.dropped();
        if host.is_running() {
            world.see(Seen::OutputDropped(self.number));
        }
        self.place.act_in_drop(&world.program.bodies[*body].at_output_drop);
    }
}

/// Steps, one after another.
pub(crate) struct Script {
    place: Place,
    steps: std::vec::IntoIter<Step>,
    /// What the last step waits for.
    part: Option<Part>,
    guards: Vec<Guard>,
}

/// Does something when it is dropped.
struct Guard {
    place: Place,
    acts: Vec<Act>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.place.world.dropped();
        self.place.act_in_drop(&self.acts);
    }
}

impl Script {
    pub(crate) fn new(place: Place, steps: Vec<Step>) -> Script {
        Script { place, steps: steps.into_iter(), part: None, guards: Vec::new() }
    }

    fn script(&self, steps: Vec<Step>) -> Script {
        Script::new(self.place.clone(), steps)
    }

    /// Begins a step, which may be over at once.
    fn begin(&mut self, step: Step, context: &mut Context<'_>) -> Option<Part> {
        let place = self.place.clone();
        match step {
            Step::Act(act) => {
                place.act(&act);
                None
            }
            Step::AtDrop(acts) => {
                place.world.made();
                self.guards.push(Guard { place, acts });
                None
            }
            Step::Wait(gate, keep) => {
                let leaf = place.world.number_leaf();
                Some(Box::pin(Wait { place, gate, keep, leaf, is_first: true }))
            }
            Step::Leave(gate) => {
                let (leaf, task) = (place.world.number_leaf(), place.world.polled());
                let kept = Kept { waker: context.waker().clone(), task, leaf };
                place.world.gates.borrow_mut()[gate].kept.push(kept);
                None
            }
            Step::WakeItself(how) => Some(Box::pin(WakeItself { place, how, done: false })),
            Step::Catch(steps) => {
                let catch = place.host.catch(self.script(steps));
                Some(Box::pin(async move {
                    let cancel = catch.await;
                    place.world.see(Seen::Caught { cancel });
                }))
            }
            Step::Several(parts, until, wakers) => {
                let parts = parts.into_iter().map(|steps| self.script(steps)).collect();
                Some(Box::pin(Several::new(parts, until, wakers)))
            }
            Step::Shelve(steps) => {
                let mut begun = self.script(steps);
                if Pin::new(&mut begun).poll(context).is_pending() {
                    place.world.shelve(begun);
                }
                None
            }
            Step::Adopt => Some(Box::pin(place.world.adopt()?)),
            Step::Own(own) => place.host.leaf(&place, own),
        }
    }
}

impl Future for Script {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            if let Some(part) = &mut self.part {
                std::task::ready!(part.as_mut().poll(context));
                self.part = None;
            }
            let Some(step) = self.steps.next() else { return Poll::Ready(()) };
            self.part = self.begin(step, context);
        }
    }
}

/// Waits until a gate lets it through.
struct Wait {
    place: Place,
    gate: usize,
    keep: Keep,
    leaf: u32,
    is_first: bool,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        let world = &self.place.world;
        let mut gates = world.gates.borrow_mut();
        let gate = &mut gates[self.gate];
        if gate.permits > 0 {
            gate.permits -= 1;
            return Poll::Ready(());
        }
        let kept = || Kept { waker: context.waker().clone(), task: world.polled(), leaf: self.leaf };
        match self.keep {
            Keep::First if is_first => gate.kept.push(kept()),
            Keep::First | Keep::None => {}
            Keep::Each => gate.kept.push(kept()),
            Keep::Latest => match gate.kept.iter_mut().find(|kept| kept.leaf == self.leaf) {
                None => gate.kept.push(kept()),
                Some(latest) => {
                    let same = latest.waker.will_wake(context.waker());
                    // That it is not known for what it is costs a copy; the other way round a wake-up would be lost.
                    assert!(!same || latest.task == world.polled(), "a waker is taken for that of another task");
                    if !same {
                        latest.waker.clone_from(context.waker());
                        latest.task = world.polled();
                    }
                }
            },
        }
        Poll::Pending
    }
}

/// Wakes itself when it is polled, once.
struct WakeItself {
    place: Place,
    how: How,
    done: bool,
}

impl Future for WakeItself {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.done, true) {
            return Poll::Ready(());
        }
        self.place.world.woke(self.place.world.polled());
        wake_by_ref(context.waker(), self.how);
        Poll::Pending
    }
}
