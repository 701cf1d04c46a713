//! A task in a place of its own: its future, then what that returned, with memory from [`places`], in one word.
//!
//! What can be done with a task is told by a table that its memory begins with, so that the task's slot needs no room for
//! it, nor the task for a mark of whether its future runs: that has one table, what it returned another one. The functions of
//! a table know the type: a poll is one call, and memory is given back by a size known beforehand.

use std::alloc::Layout;
use std::any::Any;
use std::future::{Future, Pending};
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use super::{places, prefetch};
use crate::event::Status;

/// A task that stays where it is until it is dropped.
pub(crate) struct TaskBox {
    task: NonNull<Head>,
    owned: PhantomData<Box<dyn Any>>,
}

/// What lies in a task's place. The kind says what the content is.
#[repr(C)]
struct Filled<F: Future, C> {
    kind: &'static Kind,
    classify: C,
    content: Content<F>,
}

/// What a task holds.
#[repr(C)]
union Content<F: Future> {
    future: ManuallyDrop<F>,
    output: ManuallyDrop<F::Output>,
}

/// The beginning of a task's place, whatever the type.
#[repr(C)]
struct Head {
    kind: &'static Kind,
}

/// What can be done with a task of one type that holds one kind of content. Each function is for the place of such a task,
/// which nobody else borrows.
struct Kind {
    poll: unsafe fn(NonNull<Head>, &mut Context<'_>) -> Poll<Status>,
    output: for<'task> unsafe fn(&'task TaskBox) -> Option<&'task dyn Any>,
    take_output: unsafe fn(NonNull<Head>, &mut dyn Any),
    /// Drops the content; nothing is left.
    clear: unsafe fn(NonNull<Head>),
    /// Drops the task and frees its memory: the place is used no more.
    drop: unsafe fn(NonNull<Head>),
    lines: prefetch::Lines,
}

impl TaskBox {
    /// A task that runs a future and asks of what that returns how it ended.
    #[inline]
    pub(crate) fn new<F, C>(future: F, classify: C) -> TaskBox
    where
        F: Future<Output: 'static> + 'static,
        C: Fn(&F::Output) -> Status + 'static,
    {
        let content = Content { future: ManuallyDrop::new(future) };
        TaskBox::filled(Filled { kind: Filled::<F, C>::RUNNING, classify, content })
    }

    /// What a future holds whose result has been set: nothing is left to run.
    pub(crate) fn returned<T: 'static>(output: T) -> TaskBox {
        fn returned<T: 'static, C: Fn(&T) -> Status + 'static>(output: T, classify: C) -> TaskBox {
            let content = Content::<Pending<T>> { output: ManuallyDrop::new(output) };
            TaskBox::filled(Filled { kind: Filled::<Pending<T>, C>::RETURNED, classify, content })
        }
        returned(output, |_| Status::Finished)
    }

    /// The kind is that of the content.
    #[inline]
    fn filled<F: Future, C>(filled: Filled<F, C>) -> TaskBox {
        let layout = Layout::new::<Filled<F, C>>();
        let place = places::take(layout).map_or_else(new_box::<Filled<F, C>>, NonNull::cast);
        // SAFETY: the place is large enough and aligned for what lies in it, and nobody else has it.
        unsafe { place.write(filled) };
        TaskBox { task: place.cast(), owned: PhantomData }
    }

    #[inline]
    fn kind(&self) -> &'static Kind {
        // SAFETY: the place holds a value as long as `self` lives, which begins with its kind.
        unsafe { self.task.as_ref() }.kind
    }

    /// One poll of the task; when it returns, its output is kept.
    #[inline(always)]
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Status> {
        // SAFETY: the kind is the task's own. It lives as long as `self`, and is borrowed through it alone.
        unsafe { (self.kind().poll)(self.task, context) }
    }

    /// What it returned.
    #[inline]
    pub(crate) fn output(&self) -> Option<&dyn Any> {
        // SAFETY: the kind is the task's own.
        unsafe { (self.kind().output)(self) }
    }

    /// Moves what it returned into `slot`, an `Option` of it.
    pub(crate) fn take_output(&mut self, slot: &mut dyn Any) {
        // SAFETY: as for `poll`.
        unsafe { (self.kind().take_output)(self.task, slot) }
    }

    /// Drops the future, which will not return.
    pub(crate) fn cancel(&mut self) {
        // SAFETY: as for `poll`.
        unsafe { (self.kind().clear)(self.task) }
    }

    /// How much of it is worth being fetched.
    #[inline]
    pub(crate) fn lines(&self) -> prefetch::Lines {
        self.kind().lines
    }

    /// Fetches so many lines of the memory, without a look at it.
    #[inline(always)]
    pub(crate) fn fetch(&self, lines: prefetch::Lines) {
        prefetch::fetch_lines(self.task, lines);
    }
}

/// The tables, and their functions. Each function is for the place of a task of this type with the content that its table
/// is for.
impl<F, C> Filled<F, C>
where
    F: Future<Output: 'static> + 'static,
    C: Fn(&F::Output) -> Status + 'static,
{
    const RUNNING: &'static Kind =
        &Kind { poll: Self::poll, clear: Self::end, drop: Self::drop_future, ..Self::NOTHING };

    const RETURNED: &'static Kind = &Kind {
        output: Self::output,
        take_output: Self::take_output,
        clear: Self::forget,
        drop: Self::drop_output,
        ..Self::NOTHING
    };

    const EMPTY: &'static Kind = &Self::NOTHING;

    const NOTHING: Kind = Kind {
        poll: |_, _| unreachable!("a task that ended is not polled"),
        output: |_| None,
        take_output: |_, _| {},
        clear: |_| {},
        drop: Self::drop_nothing,
        lines: prefetch::Lines::of(size_of::<Filled<F, C>>()),
    };

    /// # Safety
    /// A future lies there, and nobody borrows it.
    unsafe fn poll(place: NonNull<Head>, context: &mut Context<'_>) -> Poll<Status> {
        let filled = place.cast::<Filled<F, C>>().as_ptr();
        // SAFETY: as promised; and the future stays where it is.
        let future = unsafe { Pin::new_unchecked(&mut *(*filled).content.future) };
        let Poll::Ready(output) = future.poll(context) else { return Poll::Pending };
        // SAFETY: as promised. The future is borrowed no more.
        unsafe {
            let status = ((*filled).classify)(&output);
            // Also where the future's destructor panics: what it returned is dropped with the task.
            let _kept = Returned { filled, output: ManuallyDrop::new(output) };
            Self::end(place);
            Poll::Ready(status)
        }
    }

    /// # Safety
    /// A future lies there, and nobody borrows it.
    #[inline]
    unsafe fn end(place: NonNull<Head>) {
        let filled = place.cast::<Filled<F, C>>().as_ptr();
        // SAFETY: as promised. Where its destructor panics, the future is gone all the same.
        unsafe {
            (*filled).kind = Self::EMPTY;
            ManuallyDrop::drop(&mut (*filled).content.future);
        }
    }

    /// # Safety
    /// The task is of this type, and an output lies there.
    unsafe fn output(task: &TaskBox) -> Option<&dyn Any> {
        // SAFETY: as promised. It lives as long as its box, through which alone it is borrowed.
        Some(unsafe { &*task.task.cast::<Filled<F, C>>().as_ref().content.output })
    }

    /// # Safety
    /// An output lies there, and nobody borrows it.
    unsafe fn take_output(place: NonNull<Head>, slot: &mut dyn Any) {
        let slot = slot.downcast_mut::<Option<F::Output>>().expect("a handle knows its task's type");
        let filled = place.cast::<Filled<F, C>>().as_ptr();
        // SAFETY: as promised. From now on it counts as gone.
        let output = unsafe {
            (*filled).kind = Self::EMPTY;
            ManuallyDrop::take(&mut (*filled).content.output)
        };
        *slot = Some(output);
    }

    /// # Safety
    /// An output lies there, and nobody borrows it.
    #[inline]
    unsafe fn forget(place: NonNull<Head>) {
        let filled = place.cast::<Filled<F, C>>().as_ptr();
        // SAFETY: as promised. Where its destructor panics, the output is gone all the same.
        unsafe {
            (*filled).kind = Self::EMPTY;
            ManuallyDrop::drop(&mut (*filled).content.output);
        }
    }

    /// # Safety
    /// A future lies there, and nobody uses the place any more.
    unsafe fn drop_future(place: NonNull<Head>) {
        // SAFETY: as promised.
        unsafe { Self::free(place, Self::end) };
    }

    /// # Safety
    /// An output lies there, and nobody uses the place any more.
    unsafe fn drop_output(place: NonNull<Head>) {
        // SAFETY: as promised.
        unsafe { Self::free(place, Self::forget) };
    }

    /// # Safety
    /// The task is of this type, and nobody uses the place any more.
    unsafe fn drop_nothing(place: NonNull<Head>) {
        // SAFETY: as promised.
        unsafe { Self::free(place, |_| {}) };
    }

    /// # Safety
    /// The content is the one that `clear` drops, and nobody uses the place any more.
    #[inline(always)]
    unsafe fn free(place: NonNull<Head>, clear: unsafe fn(NonNull<Head>)) {
        let memory = Memory::<F, C>(place.cast());
        // SAFETY: as promised. Both are dropped before their memory is freed, also where a destructor panics.
        unsafe {
            let classify = (&raw const (*memory.0.as_ptr()).classify).read();
            clear(place);
            drop(classify);
        }
    }
}

/// What a task's future has returned, to be put in the place of the future when that is gone.
struct Returned<F, C>
where
    F: Future<Output: 'static> + 'static,
    C: Fn(&F::Output) -> Status + 'static,
{
    filled: *mut Filled<F, C>,
    output: ManuallyDrop<F::Output>,
}

impl<F, C> Drop for Returned<F, C>
where
    F: Future<Output: 'static> + 'static,
    C: Fn(&F::Output) -> Status + 'static,
{
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `poll` has made it of a task that it may change, whose content is gone. The output is taken once.
        unsafe {
            (*self.filled).content.output = ManuallyDrop::new(ManuallyDrop::take(&mut self.output));
            (*self.filled).kind = Filled::<F, C>::RETURNED;
        }
    }
}

/// Memory for a task that is too large for a place.
#[cold]
fn new_box<T>() -> NonNull<T> {
    let room: &mut MaybeUninit<T> = Box::leak(Box::new_uninit());
    NonNull::from(room).cast()
}

impl Drop for TaskBox {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the kind is the task's own, which is dropped once, since `self` is.
        unsafe { (self.kind().drop)(self.task) };
    }
}

/// The memory of a task that is being dropped.
struct Memory<F: Future, C>(NonNull<Filled<F, C>>);

impl<F: Future, C> Drop for Memory<F, C> {
    #[inline]
    fn drop(&mut self) {
        let (place, layout) = (self.0.cast::<u8>(), Layout::new::<Filled<F, C>>());
        // SAFETY: `TaskBox::filled` has taken it for this layout, from the places of this thread, since a task is not
        // `Send`, or as a box. What lay there has been dropped.
        unsafe {
            if !places::give_back(place, layout) {
                std::alloc::dealloc(place.as_ptr(), layout);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::raw::tests::Payload;

    #[test]
    fn memory_is_used_again_also_after_a_destructor_that_panics() {
        let dropped = Rc::new(Cell::new(0));
        let _kept = places::keep();
        let first = Payload([13; 13], Rc::clone(&dropped)).into_task();
        let place = first.task;
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(first)));
        assert!(panicked.is_err());
        assert_eq!(Payload([12; 12], dropped).into_task().task, place);
    }

    #[test]
    fn is_one_word_and_has_one_more_in_its_place_than_it_holds() {
        assert_eq!(size_of::<Option<TaskBox>>(), size_of::<usize>());
        let size = |_: &Pending<[u64; 4]>, classify: fn() -> Status| {
            (size_of_val(&classify), size_of::<Filled<Pending<[u64; 4]>, ()>>())
        };
        assert_eq!(size(&std::future::pending(), || Status::Finished).1, 40, "the output is larger");
    }
}
