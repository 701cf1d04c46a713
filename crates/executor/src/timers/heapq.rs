//! CPython's timers: `heapq` (`Modules/_heapqmodule.c`, `Lib/heapq.py`) and what asyncio's event loop does around it
//! (`Lib/asyncio/base_events.py`: `call_at`, `_timer_handle_cancelled`, `_run_once`), as of 3.13.
//!
//! Two timers compare by deadline alone, so the shape of the heap decides the order of equal ones. Every push and pop
//! moves what CPython moves, and cancelled timers leave when CPython's do. Deadlines are bits of a non-negative `f64`,
//! which order as the numbers do; those before the start of the run are negative numbers.

use super::TimerId;

/// The clock's resolution, in seconds: what lies less than this ahead is due (`_clock_resolution`).
const CLOCK_RESOLUTION: f64 = 1e-9;

/// With more timers than this (`_MIN_SCHEDULED_TIMER_HANDLES`), of which more than half count as cancelled
/// (`_MIN_CANCELLED_TIMER_HANDLES_FRACTION`), the heap is rebuilt without the cancelled ones.
const COMPACTION_MINIMUM: usize = 100;

pub(super) struct HeapqTimers<T> {
    heap: Vec<Node>,
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    /// CPython's `_timer_cancelled_count`: it keeps counting the cancelled timers that left because they were due, so
    /// that it may exceed what the heap holds. When the heap is rebuilt depends on it.
    cancelled: usize,
}

#[derive(Clone, Copy)]
struct Node {
    deadline: i64,
    slot: u32,
}

struct Slot<T> {
    payload: T,
    /// Goes up when the timer leaves the heap, so that its identifier no longer fits.
    generation: u32,
    cancelled: bool,
}

impl<T: Copy> HeapqTimers<T> {
    pub(super) fn new() -> Self {
        Self { heap: Vec::new(), slots: Vec::new(), free: Vec::new(), cancelled: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.heap.len()
    }

    pub(super) fn push(&mut self, deadline: u64, payload: T) -> TimerId {
        let slot = match self.free.pop() {
            Some(slot) => {
                let reused = &mut self.slots[slot as usize];
                reused.payload = payload;
                reused.cancelled = false;
                slot
            }
            None => {
                self.slots.push(Slot { payload, generation: 0, cancelled: false });
                u32::try_from(self.slots.len() - 1).expect("memory ends before four thousand million timers")
            }
        };
        let end = self.heap.len();
        self.heap.push(Node { deadline: deadline.cast_signed(), slot });
        sift_towards_root(&mut self.heap, 0, end);
        name(slot, self.slots[slot as usize].generation)
    }

    pub(super) fn cancel(&mut self, id: TimerId) {
        let place = place(id);
        if let Some(slot) = self.slots.get_mut(place as usize)
            && name(place, slot.generation) == id
            && !slot.cancelled
        {
            slot.cancelled = true;
            self.cancelled += 1;
        }
    }

    /// The deadline of a timer that is still in the heap. It is looked for: who asks is rare.
    pub(super) fn deadline(&self, id: TimerId) -> Option<u64> {
        let place = place(id);
        let slot = self.slots.get(place as usize)?;
        let node = self.heap.iter().find(|node| node.slot == place)?;
        (name(place, slot.generation) == id).then_some(node.deadline.cast_unsigned())
    }

    /// The start of `_run_once`: discards all cancelled timers when there are many, else those at the front.
    pub(super) fn begin_turn(&mut self) {
        if self.len() > COMPACTION_MINIMUM && self.cancelled > self.len() / 2 {
            self.rebuild();
            return;
        }
        while let Some(head) = self.heap.first()
            && self.slots[head.slot as usize].cancelled
        {
            self.pop();
            self.cancelled -= 1;
        }
    }

    fn rebuild(&mut self) {
        let mut heap = std::mem::take(&mut self.heap);
        heap.retain(|node| {
            let cancelled = self.slots[node.slot as usize].cancelled;
            if cancelled {
                self.release(node.slot);
            }
            !cancelled
        });
        heapify(&mut heap);
        self.heap = heap;
        self.cancelled = 0;
    }

    #[inline]
    pub(super) fn next_deadline(&self) -> Option<u64> {
        self.heap.first().map(|head| head.deadline.cast_unsigned())
    }

    #[inline]
    pub(super) fn take_due(&mut self, now: u64, batch: &mut Vec<T>) {
        let end = seconds(now.cast_signed()) + CLOCK_RESOLUTION;
        // Beyond some 2^24 seconds the resolution is lost in the sum, and CPython would spin for ever on a timer that is
        // due this very instant: what is not later than now is due all the same.
        while let Some(head) = self.heap.first()
            && (head.deadline <= now.cast_signed() || seconds(head.deadline) < end)
            && let Some(slot) = self.pop()
        {
            let Slot { payload, cancelled, .. } = self.slots[slot as usize];
            if !cancelled {
                batch.push(payload);
            }
        }
    }

    /// `heappop`: the last timer takes the first place and sinks. Returns the slot that has become free.
    fn pop(&mut self) -> Option<u32> {
        let last = self.heap.pop()?;
        let popped = match self.heap.first_mut() {
            Some(root) => {
                let popped = std::mem::replace(root, last);
                sift_towards_leaves(&mut self.heap, 0);
                popped
            }
            None => last,
        };
        self.release(popped.slot);
        Some(popped.slot)
    }

    fn release(&mut self, slot: u32) {
        let released = &mut self.slots[slot as usize];
        released.generation = released.generation.wrapping_add(1);
        self.free.push(slot);
    }
}

/// The timer that lies in a slot of this generation.
fn name(slot: u32, generation: u32) -> TimerId {
    TimerId(u64::from(generation) << u32::BITS | u64::from(slot))
}

/// The slot that a timer lies in, or lay.
fn place(id: TimerId) -> u32 {
    id.0 as u32
}

/// What a deadline that is not before the start stands for; what is, is due anyway.
fn seconds(deadline: i64) -> f64 {
    f64::from_bits(deadline.cast_unsigned())
}

/// `_siftdown`: the node at `position` moves up past parents that are later, not above `root`.
fn sift_towards_root(heap: &mut [Node], root: usize, mut position: usize) {
    let moving = heap[position];
    while position > root {
        let parent = (position - 1) / 2;
        if moving.deadline >= heap[parent].deadline {
            break;
        }
        heap[position] = heap[parent];
        position = parent;
    }
    heap[position] = moving;
}

/// `_siftup`: the node at `root` sinks to a leaf, below whichever child is earlier (the right one of two equals), and
/// from there rises to its place.
fn sift_towards_leaves(heap: &mut [Node], root: usize) {
    let moving = heap[root];
    let mut position = root;
    loop {
        let left = 2 * position + 1;
        let right = left + 1;
        if left >= heap.len() {
            break;
        }
        let left_is_earlier = right == heap.len() || heap[left].deadline < heap[right].deadline;
        let child = if left_is_earlier { left } else { right };
        heap[position] = heap[child];
        position = child;
    }
    heap[position] = moving;
    sift_towards_root(heap, root, position);
}

/// `heapify`. CPython takes large heaps in another order, which moves the same nodes: children still come before their
/// parent, and siblings do not touch each other's nodes.
fn heapify(heap: &mut [Node]) {
    for root in (0..heap.len() / 2).rev() {
        sift_towards_leaves(heap, root);
    }
}
