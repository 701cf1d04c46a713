//! What the module must do, with unsafe code and without.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::list::List;
use super::places;
use super::table::Table;
use super::task_box::TaskBox;
use super::waker::{pack, put_back, set_aside, take_woken, unpack};
use crate::event::Status;
use crate::task::TaskId;

// --- wakers ---

#[test]
fn names_its_task_and_survives_cloning() {
    let run = set_aside();
    let index = (1 << 30) - 1;
    let waker = unpack(pack(TaskId { index, generation: 0x1_0007 }));
    let clone = Waker::clone(&waker);
    waker.wake_by_ref();
    clone.wake();
    assert_eq!(take_woken(), [(index, 7), (index, 7)]);
    assert_eq!(take_woken(), []);
    put_back(run);
}

#[test]
fn wakes_a_task_of_its_own_run_from_inside_of_another_one_and_nobody_after_it() {
    let outer = set_aside();
    let waker = unpack(pack(TaskId { index: 1, generation: 0 }));
    // More than there are numbers for runs.
    for _ in 0..1000 {
        let inner = set_aside();
        waker.wake_by_ref();
        assert_eq!(take_woken(), []);
        put_back(inner);
        assert_eq!(take_woken(), [(1, 0)]);
    }
    put_back(outer);
    waker.wake_by_ref();
    assert_eq!(take_woken(), [], "its run is over");
}

#[test]
fn gives_way_to_the_run_around_it_when_it_panics() {
    let outer = set_aside();
    let waker = unpack(pack(TaskId { index: 1, generation: 0 }));
    let panic = std::panic::catch_unwind(|| {
        let _inner = set_aside();
        waker.wake_by_ref();
        std::panic::resume_unwind(Box::new(()));
    });
    assert!(panic.is_err());
    assert_eq!(take_woken(), [(1, 0)]);
    put_back(outer);
}

#[test]
fn refuses_a_wake_up_from_another_thread() {
    let run = set_aside();
    let waker = unpack(pack(TaskId { index: 1, generation: 0 }));
    put_back(run);
    let waker = Waker::clone(&waker);
    let refused = std::thread::scope(|scope| scope.spawn(move || waker.wake_by_ref()).join());
    let panic = refused.expect_err("the other thread must be told");
    assert!(panic.downcast_ref::<&str>().is_some_and(|text| text.contains("on another thread")));
}

// --- the table ---

#[test]
fn items_stay_where_they_are_while_it_grows() {
    let table = Table::default();
    table.push("first".to_owned());
    let first = table.get(0).expect("it was added");
    for number in 1..3 * 1024 {
        table.push(number.to_string());
    }
    assert_eq!((first.as_str(), table.len()), ("first", 3 * 1024));
    assert!(std::ptr::eq(first, table.get(0).expect("it is still there")));
    assert_eq!(table.get(1024).map(String::as_str), Some("1024"));
    assert_eq!(table.get(3 * 1024), None);
    assert_eq!(table.iter().count(), 3 * 1024);
}

#[test]
fn drops_each_item_once() {
    let counted = Rc::new(());
    let table = Table::default();
    for _ in 0..1024 + 7 {
        table.push(Rc::clone(&counted));
    }
    assert_eq!(Rc::strong_count(&counted), 1024 + 8);
    drop(table);
    assert_eq!(Rc::strong_count(&counted), 1);
}

// --- the list ---

#[test]
fn a_list_gives_back_what_was_pushed_in_order() {
    let list = List::default();
    assert!(!list.push_if_room(1), "an empty list has no room");
    assert!(list.replace(Vec::with_capacity(2)).is_empty());
    assert!(list.push_if_room(1) && list.len() == 1 && !list.is_empty());
    let odd = |value: i32| (value % 2 == 1).then_some(-value);
    assert_eq!((list.take_only(odd), list.take_only(odd)), (Some(-1), None));
    assert!(list.push_if_room(2) && list.push_if_room(3) && !list.push_if_room(4));
    assert_eq!((list.take_only(Some), list.to_vec()), (None, vec![2, 3]), "two are not one");
    assert_eq!((list.replace(vec![4]), list.take_only(odd), list.to_vec()), (vec![2, 3], None, vec![4]));
}

// --- tasks in places ---

/// A task of some size that counts its drops.
pub(super) struct Payload<const BYTES: usize>(pub(super) [u8; BYTES], pub(super) Rc<Cell<usize>>);

impl<const BYTES: usize> Payload<BYTES> {
    pub(super) fn into_task(self) -> TaskBox {
        TaskBox::new(self, |_| Status::Finished)
    }
}

impl<const BYTES: usize> Future for Payload<BYTES> {
    type Output = Rc<Cell<usize>>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Rc<Cell<usize>>> {
        assert!(self.0.iter().all(|byte| *byte == BYTES as u8), "nobody else has written here");
        if BYTES.is_multiple_of(8) { Poll::Ready(Rc::clone(&self.1)) } else { Poll::Pending }
    }
}

impl<const BYTES: usize> Drop for Payload<BYTES> {
    fn drop(&mut self) {
        self.1.set(self.1.get() + 1);
        assert!(BYTES != 13, "a destructor that panics");
    }
}

/// An interpreter of Rust takes minutes for more.
const COUNT: usize = if cfg!(miri) { 300 } else { 2000 };

fn make(number: usize, dropped: &Rc<Cell<usize>>) -> TaskBox {
    let dropped = Rc::clone(dropped);
    match number % 4 {
        0 => Payload([1; 1], dropped).into_task(),
        1 => Payload([40; 40], dropped).into_task(),
        2 => Payload([200; 200], dropped).into_task(),
        _ => Payload([89; 601], dropped).into_task(),
    }
}

#[test]
fn tasks_of_all_sizes_keep_to_their_places_and_are_dropped_once() {
    let dropped = Rc::new(Cell::new(0));
    for runs in 0..2 {
        let kept = (runs > 0).then(places::keep);
        let mut tasks: Vec<TaskBox> = (0..COUNT).map(|number| make(number, &dropped)).collect();
        for number in (0..COUNT).step_by(3) {
            tasks[number] = make(number + 1, &dropped);
        }
        for (number, task) in tasks.iter_mut().enumerate() {
            let returned = task.poll(&mut Context::from_waker(Waker::noop())).is_ready();
            assert_eq!(task.output().is_some_and(|output| output.is::<Rc<Cell<usize>>>()), returned);
            let mut output: Option<Rc<Cell<usize>>> = None;
            match number % 5 {
                0 => task.take_output(&mut output),
                1 => task.cancel(),
                _ => continue,
            }
            assert!(task.output().is_none());
            assert_eq!(output.is_some_and(|output| Rc::ptr_eq(&output, &dropped)), returned && number % 5 == 0);
        }
        drop((tasks, kept));
        assert_eq!(Rc::strong_count(&dropped), 1, "outputs are dropped as well");
    }
    assert_eq!(dropped.get(), 2 * (COUNT + COUNT.div_ceil(3)));
}
