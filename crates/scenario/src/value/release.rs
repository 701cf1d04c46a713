//! Dropping values without recursion: a list nested a million levels deep must not overflow the stack.

use std::cell::{Cell, RefCell};

use super::Value;

thread_local! {
    /// Values on their way out.
    static PENDING: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
    /// Whether a call of `release` further up is emptying `PENDING`.
    static RELEASING: Cell<bool> = const { Cell::new(false) };
}

/// Drops values that a container held. However deep they are nested, the stack stays flat: what a nested container
/// releases in turn joins a work list. An [`Object`](super::Object) that holds values should release them in its `Drop`.
pub(crate) fn release(values: impl IntoIterator<Item = Value>) {
    let mut is_pending = false;
    for value in values {
        // Plain values are dropped here; so is everything in a thread that is ending.
        if is_nested(&value) && PENDING.try_with(|pending| pending.borrow_mut().push(value)).is_ok() {
            is_pending = true;
        }
    }
    if !is_pending || RELEASING.get() {
        return;
    }
    RELEASING.set(true);
    // The borrow ends before the value is dropped: its own drop may come back here.
    while let Some(value) = PENDING.with_borrow_mut(Vec::pop) {
        drop(value);
    }
    RELEASING.set(false);
}

/// Puts a value into a variable.
#[inline(always)]
pub(crate) fn put(slot: &mut Option<Value>, value: Value) {
    let_go(slot.replace(value));
}

/// Puts an int into a variable. Where one was before, a word is written, and nothing is moved or dropped.
#[inline(always)]
pub(crate) fn put_int(slot: &mut Option<Value>, number: i64) {
    match slot {
        Some(Value::Int(held)) => *held = number,
        _ => put(slot, Value::Int(number)),
    }
}

/// Drops what a variable held: most often a number, for which nothing has to be done, not even a call.
#[inline(always)]
pub(crate) fn let_go(value: Option<Value>) {
    match &value {
        None | Some(Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_)) => std::mem::forget(value),
        Some(_) => drop(value),
    }
}

/// Whether dropping a value may drop others.
#[inline]
pub(crate) fn is_nested(value: &Value) -> bool {
    !matches!(value, Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::Range(_))
}
