//! A task in a place of its own: what `Pin<Box<dyn AnyTask>>` is, with memory from [`places`], in one word.
//!
//! What can be done with a task is told by a table that its memory begins with, so that the task's slot needs no room for
//! it. The functions of that table know the type: a poll is one call, and memory is given back by a size known beforehand.

use std::alloc::Layout;
use std::any::Any;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use super::{places, prefetch};
use crate::event::Status;
use crate::task::AnyTask;

/// A task that stays where it is until it is dropped.
pub(crate) struct TaskBox {
    task: NonNull<Head>,
    owned: PhantomData<Box<dyn AnyTask>>,
}

/// What lies in a task's place.
#[repr(C)]
struct Filled<T> {
    kind: &'static Kind,
    task: T,
}

/// The beginning of it, whatever the type.
type Head = Filled<()>;

/// What can be done with a task of one type. Each function is for the place of a task of that type, which is a value.
struct Kind {
    poll: unsafe fn(NonNull<Head>, &mut Context<'_>) -> Poll<Status>,
    output: for<'task> unsafe fn(&'task TaskBox) -> Option<&'task dyn Any>,
    erase: unsafe fn(NonNull<Head>) -> NonNull<dyn AnyTask>,
    /// Drops the task and frees its memory: the place is used no more.
    drop: unsafe fn(NonNull<Head>),
    lines: prefetch::Lines,
}

impl TaskBox {
    #[inline]
    pub(crate) fn new<T: AnyTask + 'static>(task: T) -> TaskBox {
        let place = places::take(Layout::new::<Filled<T>>()).map_or_else(new_box::<Filled<T>>, NonNull::cast);
        // SAFETY: the place is large enough and aligned for what lies in it, and nobody else has it.
        unsafe { place.write(Filled { kind: Filled::<T>::KIND, task }) };
        TaskBox { task: place.cast(), owned: PhantomData }
    }

    #[inline]
    fn kind(&self) -> &'static Kind {
        // SAFETY: the place holds a value as long as `self` lives, which begins with its kind.
        unsafe { self.task.as_ref() }.kind
    }

    /// One poll of the task.
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

    #[inline]
    pub(crate) fn as_mut(&mut self) -> Pin<&mut dyn AnyTask> {
        // SAFETY: the kind is the task's own. It lives as long as `self`, is borrowed through it alone, and stays where it
        // is: nothing here gives it out but pinned.
        unsafe { Pin::new_unchecked((self.kind().erase)(self.task).as_mut()) }
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

impl<T: AnyTask + 'static> Filled<T> {
    const KIND: &'static Kind = &Kind {
        poll: Filled::<T>::poll,
        output: Filled::<T>::output,
        erase: Filled::<T>::erase,
        drop: Filled::<T>::drop,
        lines: prefetch::Lines::of(size_of::<Filled<T>>()),
    };

    /// # Safety
    /// The place is that of a task of this type, and borrowed by nobody.
    unsafe fn poll(place: NonNull<Head>, context: &mut Context<'_>) -> Poll<Status> {
        // SAFETY: as promised; and the task stays where it is.
        let task = unsafe { Pin::new_unchecked(&mut place.cast::<Filled<T>>().as_mut().task) };
        task.poll(context)
    }

    /// # Safety
    /// The task is of this type.
    unsafe fn output(task: &TaskBox) -> Option<&dyn Any> {
        // SAFETY: as promised. It lives as long as its box, through which alone it is borrowed.
        let filled = unsafe { task.task.cast::<Filled<T>>().as_ref() };
        filled.task.output()
    }

    /// # Safety
    /// The place is that of a task of this type.
    unsafe fn erase(place: NonNull<Head>) -> NonNull<dyn AnyTask> {
        // SAFETY: the task lies within its place.
        unsafe { NonNull::new_unchecked(&raw mut (*place.cast::<Filled<T>>().as_ptr()).task) }
    }

    /// # Safety
    /// The place is that of a task of this type, and nobody uses it any more.
    unsafe fn drop(place: NonNull<Head>) {
        let memory = Memory::<T>(place.cast());
        // SAFETY: as promised. Its memory is freed afterwards, also where the destructor panics.
        unsafe { memory.0.drop_in_place() };
        drop(memory);
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
struct Memory<T>(NonNull<Filled<T>>);

impl<T> Drop for Memory<T> {
    #[inline]
    fn drop(&mut self) {
        let (place, layout) = (self.0.cast::<u8>(), Layout::new::<Filled<T>>());
        // SAFETY: `TaskBox::new` has taken it for this layout, from the places of this thread, since a task is not `Send`,
        // or as a box. What lay there has been dropped.
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
        let first = TaskBox::new(Payload([13; 13], Rc::clone(&dropped)));
        let place = first.task;
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(first)));
        assert!(panicked.is_err());
        assert_eq!(TaskBox::new(Payload([12; 12], dropped)).task, place);
    }

    #[test]
    fn is_one_word() {
        assert_eq!(size_of::<Option<TaskBox>>(), size_of::<usize>());
    }
}
