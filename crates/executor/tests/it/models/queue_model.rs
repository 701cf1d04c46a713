//! What a queue is: items, a bound, and three lines.

use super::turns::{Answer, Task, Turns};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    FirstInFirstOut,
    LastInFirstOut,
    LeastFirst,
}

#[derive(Clone, Debug)]
pub(crate) struct QueueModel {
    pub(crate) order: Order,
    /// Zero for none.
    pub(crate) limit: usize,
    /// In the order in which they came.
    pub(crate) items: Vec<usize>,
    pub(crate) unfinished: usize,
    pub(crate) is_shut_down: bool,
    pub(crate) put: usize,
    pub(crate) got: usize,
    /// Who was woken stands in none of them any more.
    pub(crate) getters: Vec<Task>,
    pub(crate) putters: Vec<Task>,
    pub(crate) joiners: Vec<Task>,
}

/// Wakes the first that waits still.
pub(crate) fn wake_next(line: &mut Vec<Task>, turns: &mut Turns) {
    while !line.is_empty() {
        if turns.wake(line.remove(0)) {
            return;
        }
    }
}

fn wake_all(line: &mut Vec<Task>, turns: &mut Turns) {
    for task in line.drain(..) {
        turns.wake(task);
    }
}

impl QueueModel {
    pub(crate) fn new(order: Order, limit: usize) -> QueueModel {
        QueueModel {
            order,
            limit,
            items: Vec::new(),
            unfinished: 0,
            is_shut_down: false,
            put: 0,
            got: 0,
            getters: Vec::new(),
            putters: Vec::new(),
            joiners: Vec::new(),
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.limit > 0 && self.items.len() >= self.limit
    }

    pub(crate) fn put_now(&mut self, item: usize, turns: &mut Turns) -> Answer {
        if self.is_shut_down {
            return Err("shut down");
        }
        if self.is_full() {
            return Err("full");
        }
        self.items.push(item);
        self.unfinished += 1;
        self.put += 1;
        wake_next(&mut self.getters, turns);
        Ok(0)
    }

    pub(crate) fn get_now(&mut self, turns: &mut Turns) -> Answer {
        let Some(place) = self.next_place() else {
            return Err(if self.is_shut_down { "shut down" } else { "empty" });
        };
        let item = self.items.remove(place);
        self.got += 1;
        wake_next(&mut self.putters, turns);
        Ok(item)
    }

    fn next_place(&self) -> Option<usize> {
        match self.order {
            Order::FirstInFirstOut => (!self.items.is_empty()).then_some(0),
            Order::LastInFirstOut => self.items.len().checked_sub(1),
            Order::LeastFirst => (0..self.items.len()).min_by_key(|&place| self.items[place]),
        }
    }

    pub(crate) fn task_done(&mut self, turns: &mut Turns) -> Answer {
        if self.unfinished == 0 {
            return Err("called too many times");
        }
        self.unfinished -= 1;
        self.let_joiners_go(turns);
        Ok(0)
    }

    pub(crate) fn shut_down(&mut self, turns: &mut Turns) {
        self.is_shut_down = true;
        wake_all(&mut self.getters, turns);
        wake_all(&mut self.putters, turns);
    }

    /// Throws all items away.
    pub(crate) fn shut_down_now(&mut self, turns: &mut Turns) {
        self.unfinished = self.unfinished.saturating_sub(self.items.len());
        self.items.clear();
        self.let_joiners_go(turns);
        self.shut_down(turns);
    }

    fn let_joiners_go(&mut self, turns: &mut Turns) {
        if self.unfinished == 0 {
            wake_all(&mut self.joiners, turns);
        }
    }
}
