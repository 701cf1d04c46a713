//! What the timers are compared with: plain references, slow and easy to believe.

/// The reference for the radix rules: a list, searched and sorted anew each time.
#[derive(Default)]
pub(super) struct Listed {
    pub(super) now: u64,
    held: Vec<(u64, usize)>,
    pub(super) is_live: Vec<bool>,
}

impl Listed {
    pub(super) fn arm(&mut self, deadline: u64) -> usize {
        let number = self.is_live.len();
        self.is_live.push(true);
        self.held.push((deadline.max(self.now), number));
        number
    }

    pub(super) fn live(&self) -> Vec<(u64, usize)> {
        self.held.iter().copied().filter(|&(_, number)| self.is_live[number]).collect()
    }

    /// The live timers that are due, as runs of equal deadlines in the order in which they were armed.
    pub(super) fn take_due(&mut self, now: u64) -> Vec<Vec<usize>> {
        self.now = self.now.max(now);
        let mut due = self.live();
        due.retain(|&(deadline, _)| deadline <= self.now);
        due.sort_by_key(|&(deadline, _)| deadline);
        self.held.retain(|&(deadline, _)| deadline > self.now);
        due.chunk_by(|left, right| left.0 == right.0)
            .map(|run| run.iter().map(|&(_, number)| number).collect())
            .collect()
    }
}

/// CPython's loop around its heap, in swaps and plain lists. Written from `Lib/heapq.py` and `base_events.py`.
#[derive(Default)]
pub(super) struct Loop {
    pub(super) scheduled: Vec<(f64, usize)>,
    cancelled: Vec<bool>,
    has_left: Vec<bool>,
    cancelled_count: usize,
}

impl Loop {
    pub(super) fn heappush(&mut self, when: f64) -> usize {
        let number = self.cancelled.len();
        self.cancelled.push(false);
        self.has_left.push(false);
        self.scheduled.push((when, number));
        self.rise(0, self.scheduled.len() - 1);
        number
    }

    fn rise(&mut self, start: usize, place: usize) {
        if place > start && self.scheduled[place].0 < self.scheduled[(place - 1) / 2].0 {
            self.scheduled.swap(place, (place - 1) / 2);
            self.rise(start, (place - 1) / 2);
        }
    }

    fn sink(&mut self, start: usize) {
        let (end, mut place) = (self.scheduled.len(), start);
        while 2 * place + 1 < end {
            let mut child = 2 * place + 1;
            if child + 1 < end && !matches!(&self.scheduled[child..], [left, right, ..] if left.0 < right.0) {
                child += 1;
            }
            self.scheduled.swap(place, child);
            place = child;
        }
        self.rise(start, place);
    }

    fn heappop(&mut self) -> usize {
        let (_, number) = self.scheduled.swap_remove(0);
        if !self.scheduled.is_empty() {
            self.sink(0);
        }
        self.has_left[number] = true;
        number
    }

    pub(super) fn cancel(&mut self, number: usize) {
        if !self.cancelled[number] && !self.has_left[number] {
            self.cancelled_count += 1;
        }
        self.cancelled[number] = true;
    }

    pub(super) fn begin_turn(&mut self) {
        let count = self.scheduled.len();
        if count > 100 && self.cancelled_count as f64 / count as f64 > 0.5 {
            let (kept, left): (Vec<_>, Vec<_>) =
                self.scheduled.iter().copied().partition(|&(_, number)| !self.cancelled[number]);
            left.iter().for_each(|&(_, number)| self.has_left[number] = true);
            self.scheduled = kept;
            (0..self.scheduled.len() / 2).rev().for_each(|start| self.sink(start));
            self.cancelled_count = 0;
        } else {
            while self.scheduled.first().is_some_and(|&(_, number)| self.cancelled[number]) {
                self.heappop();
                self.cancelled_count -= 1;
            }
        }
    }

    pub(super) fn take_due(&mut self, now: f64) -> Vec<usize> {
        let mut due = Vec::new();
        while self.scheduled.first().is_some_and(|&(when, _)| when < now + 1e-9 || when <= now) {
            let number = self.heappop();
            if !self.cancelled[number] {
                due.push(number);
            }
        }
        due
    }
}
