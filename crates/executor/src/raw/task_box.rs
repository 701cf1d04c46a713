//! A task in a place of its own: what `Pin<Box<dyn AnyTask>>` is, with memory from [`places`].

use std::alloc::Layout;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::pin::Pin;
use std::ptr::NonNull;

use super::places;
use crate::task::AnyTask;

/// A task that stays where it is until it is dropped.
pub(crate) struct TaskBox {
    task: NonNull<dyn AnyTask>,
    owned: PhantomData<Box<dyn AnyTask>>,
}

impl TaskBox {
    #[inline]
    pub(crate) fn new<T: AnyTask + 'static>(task: T) -> TaskBox {
        let place = places::take(Layout::new::<T>()).map_or_else(new_box::<T>, NonNull::cast::<T>);
        // SAFETY: the place is large enough and aligned for the task, and nobody else has it.
        unsafe { place.write(task) };
        TaskBox { task: place, owned: PhantomData }
    }

    #[inline]
    pub(crate) fn as_mut(&mut self) -> Pin<&mut dyn AnyTask> {
        // SAFETY: the task lives as long as `self`, is borrowed through it alone, and stays where it is: nothing here
        // gives it out but pinned.
        unsafe { Pin::new_unchecked(self.task.as_mut()) }
    }
}

/// Memory for a task that is too large for a place.
#[cold]
fn new_box<T>() -> NonNull<T> {
    let room: &mut MaybeUninit<T> = Box::leak(Box::new_uninit());
    NonNull::from(room).cast()
}

impl Deref for TaskBox {
    type Target = dyn AnyTask;

    #[inline]
    fn deref(&self) -> &(dyn AnyTask + 'static) {
        // SAFETY: the task lives as long as `self`, through which alone it is borrowed.
        unsafe { self.task.as_ref() }
    }
}

impl Drop for TaskBox {
    #[inline]
    fn drop(&mut self) {
        let task = self.task;
        // SAFETY: the task is a value until it is dropped below.
        let memory = Memory(task.cast(), Layout::for_value(unsafe { task.as_ref() }));
        // SAFETY: it is dropped once, since `self` is. Its memory is freed afterwards, also where the destructor panics.
        unsafe { task.drop_in_place() };
        drop(memory);
    }
}

/// The memory of a task that is being dropped.
struct Memory(NonNull<u8>, Layout);

impl Drop for Memory {
    #[inline]
    fn drop(&mut self) {
        let Memory(place, layout) = *self;
        // SAFETY: `TaskBox::new` has taken it for this layout, from the places of this thread, since a task is not `Send`,
        // or as a box. What lay there has been dropped.
        unsafe {
            if !places::give_back(place, layout) && layout.size() > 0 {
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
        let place = first.task.cast::<u8>();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(first)));
        assert!(panicked.is_err());
        assert_eq!(TaskBox::new(Payload([12; 12], dropped)).task.cast::<u8>(), place);
    }
}
