//! Wakers for foreign futures: channels, combinators and whatever else asks its context for one.
//!
//! A step is polled with a waker that is lent to its task. Where nobody has cloned it when the step is over, the next
//! step has the same one, with another task's word on it; else it is that task's from now on, in all of its steps. So there
//! is one allocation for each task that leaves wakers with somebody, and none for the others.

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{RawWakerVTable, Wake, Waker};

use crate::core::Core;
use crate::task::TaskId;
use crate::woken::{self, tag};
pub(crate) use crate::woken::{Packed, pack, take_woken};

/// What a waker is of: the word of its task.
struct Call(AtomicU64);

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        woken::wake(self.0.load(Ordering::Relaxed));
    }

    fn wake_by_ref(self: &Arc<Self>) {
        woken::wake(self.0.load(Ordering::Relaxed));
    }
}

/// A waker, and what it is of.
struct Own {
    call: Arc<Call>,
    waker: Waker,
}

/// Which waker is lent to the running step.
type Identity = Option<Lending>;
type Lending = (*const (), &'static RawWakerVTable, Packed);

thread_local! {
    /// One that nobody has a clone of.
    static SPARE: Cell<Option<Own>> = const { Cell::new(None) };
    /// Those of the tasks of the innermost run, at the tasks' places.
    static KEPT: RefCell<Vec<Option<Own>>> = const { RefCell::new(Vec::new()) };
    static LENT: Cell<Identity> = const { Cell::new(None) };
}

/// The waker of a task, while it steps.
pub(crate) struct Lent {
    own: Option<Own>,
    packed: Packed,
    /// The one of the step around this one.
    before: Identity,
}

/// What the steps of a run are polled with.
pub(crate) struct Lender {
    tag: u64,
}

impl Lender {
    /// That of the innermost run, which begins.
    pub(crate) fn new() -> Lender {
        Lender { tag: tag() }
    }

    /// A waker for the step of a task that begins now.
    #[inline]
    pub(crate) fn lend(&self, id: TaskId) -> Lent {
        unpack(pack(id))
    }

    /// Whether a waker is the one that was lent for the step of this run that is running, or a copy of it.
    #[inline]
    pub(crate) fn has_lent(&self, waker: &Waker) -> bool {
        LENT.get().is_some_and(|lent| lent.2.tag() == self.tag && is(lent, waker))
    }
}

/// The waker of the task of a data word, for one step.
#[inline]
pub(crate) fn unpack(packed: Packed) -> Lent {
    let own = take_kept(packed).or_else(|| SPARE.take()).unwrap_or_else(make);
    own.call.0.store(packed.0, Ordering::Relaxed);
    let before = LENT.replace(Some((own.waker.data(), own.waker.vtable(), packed)));
    Lent { own: Some(own), packed, before }
}

#[cold]
fn make() -> Own {
    let call = Arc::new(Call(AtomicU64::new(0)));
    Own { waker: Waker::from(Arc::clone(&call)), call }
}

#[inline]
fn take_kept(packed: Packed) -> Option<Own> {
    KEPT.with_borrow_mut(|kept| {
        kept.get_mut(packed.index())?.take_if(|own| own.call.0.load(Ordering::Relaxed) == packed.0)
    })
}

impl Deref for Lent {
    type Target = Waker;

    #[inline]
    fn deref(&self) -> &Waker {
        self.own.as_ref().map_or(Waker::noop(), |own| &own.waker)
    }
}

impl Drop for Lent {
    #[inline]
    fn drop(&mut self) {
        LENT.set(self.before);
        let Some(own) = self.own.take() else { return };
        // Itself and its waker.
        if Arc::strong_count(&own.call) == 2 {
            SPARE.set(Some(own));
        } else {
            keep(self.packed, own);
        }
    }
}

/// Somebody has a clone.
#[cold]
fn keep(packed: Packed, own: Own) {
    KEPT.with_borrow_mut(|kept| {
        let place = packed.index();
        if kept.len() <= place {
            kept.resize_with(place + 1, || None);
        }
        kept[place] = Some(own);
    });
}

/// Whether a waker is the one of this task of the innermost run, which is stepping.
#[inline]
pub(crate) fn is_for(waker: &Waker, id: TaskId) -> bool {
    LENT.get().is_some_and(|lent| lent.2 == pack(id) && is(lent, waker))
}

#[inline]
fn is((data, vtable, _): Lending, waker: &Waker) -> bool {
    std::ptr::eq(data, waker.data()) && std::ptr::eq(vtable, waker.vtable())
}

/// That a run goes on; its end gives way to the run around it, also where that comes by a panic.
#[must_use = "to be given to `put_back` at the end of the run"]
pub(crate) struct SetAside {
    kept: Vec<Option<Own>>,
    woken: woken::SetAside,
}

/// A run begins on this thread. Wake-ups of the run around it, and its tasks' wakers, are for later.
pub(crate) fn set_aside() -> SetAside {
    SetAside { kept: KEPT.take(), woken: woken::set_aside() }
}

impl SetAside {
    /// The run that has begun is this one.
    pub(crate) fn is_for(&self, core: &Rc<Core>) {
        self.woken.is_for(core);
    }
}

/// Forgets the wake-ups of the run that has ended, and takes those up of the run around it.
pub(crate) fn put_back(ended: SetAside) {
    drop(ended);
}

impl Drop for SetAside {
    fn drop(&mut self) {
        KEPT.set(std::mem::take(&mut self.kept));
    }
}
