//! The orders in which a queue gives its items back.

use std::collections::VecDeque;

/// Keeps the items of a [`Queue`](crate::Queue) and decides which one is next.
///
/// A store of one's own makes a queue of one's own; the waiting is the queue's.
///
/// ```
/// use timeskip_executor::{Queue, Simulation, Store};
///
/// /// Remembers the newest item alone.
/// struct Newest<T>(Option<T>);
///
/// impl<T> Store<T> for Newest<T> {
///     fn put(&mut self, item: T) {
///         self.0 = Some(item);
///     }
///
///     fn get(&mut self) -> Option<T> {
///         self.0.take()
///     }
///
///     fn len(&self) -> usize {
///         usize::from(self.0.is_some())
///     }
/// }
///
/// let run = Simulation::new().run(|sim| async move {
///     let weather = Queue::with_store(&sim, "weather", None, Newest(None));
///     weather.put("rain").await;
///     weather.put("sun").await;
///     weather.get().await
/// });
/// assert_eq!(run.output, Some("sun"));
/// ```
pub trait Store<T> {
    /// Takes an item in.
    fn put(&mut self, item: T);
    /// Gives the next item.
    fn get(&mut self) -> Option<T>;
    /// How many items there are.
    fn len(&self) -> usize;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// First in, first out.
///
/// ```
/// use timeskip_executor::{Fifo, Store};
/// let mut line = Fifo::from(["tea", "coffee"]);
/// assert_eq!(Store::get(&mut line), Some("tea"));
/// ```
pub type Fifo<T> = VecDeque<T>;

impl<T> Store<T> for VecDeque<T> {
    fn put(&mut self, item: T) {
        self.push_back(item);
    }

    fn get(&mut self) -> Option<T> {
        self.pop_front()
    }

    fn len(&self) -> usize {
        VecDeque::len(self)
    }
}

/// Last in, first out.
///
/// ```
/// use timeskip_executor::{Lifo, Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let plates = Queue::with_store(&sim, "plates", None, Lifo::default());
///     plates.put("lower").await;
///     plates.put("upper").await;
///     plates.get().await
/// });
/// assert_eq!(run.output, Some("upper"));
/// ```
#[derive(Debug)]
pub struct Lifo<T>(Vec<T>);

impl<T> Default for Lifo<T> {
    fn default() -> Lifo<T> {
        Lifo(Vec::new())
    }
}

impl<T> Store<T> for Lifo<T> {
    fn put(&mut self, item: T) {
        self.0.push(item);
    }

    fn get(&mut self) -> Option<T> {
        self.0.pop()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// The smallest first; equal ones in the order of CPython's `heapq`, which asyncio's PriorityQueue is made of.
///
/// ```
/// use timeskip_executor::{Priority, Queue, Simulation};
/// let run = Simulation::new().run(|sim| async move {
///     let calls = Queue::with_store(&sim, "calls", None, Priority::default());
///     calls.put((2, "a stain")).await;
///     calls.put((1, "a fire")).await;
///     calls.get().await
/// });
/// assert_eq!(run.output, Some((1, "a fire")));
/// ```
#[derive(Debug)]
pub struct Priority<T>(Heap<T>);

impl<T> Default for Priority<T> {
    fn default() -> Priority<T> {
        Priority(Heap::new())
    }
}

impl<T: PartialOrd> Store<T> for Priority<T> {
    fn put(&mut self, item: T) {
        self.0.push(item, |left, right| left < right);
    }

    fn get(&mut self) -> Option<T> {
        self.0.pop(|left, right| left < right)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// CPython's `heapq` (Lib/heapq.py), for stores whose items need an order of their own: the smallest comes first, and
/// equal items come in the order in which that algorithm leaves them.
///
/// ```
/// use timeskip_executor::Heap;
/// let mut heap = Heap::new();
/// for word in ["ccc", "a", "bb"] {
///     heap.push(word, |left, right| left.len() < right.len());
/// }
/// assert_eq!(heap.pop(|left, right| left.len() < right.len()), Some("a"));
/// ```
#[derive(Debug)]
pub struct Heap<T>(Vec<T>);

impl<T> Default for Heap<T> {
    fn default() -> Heap<T> {
        Heap::new()
    }
}

impl<T> Heap<T> {
    /// An empty heap.
    ///
    /// ```
    /// use timeskip_executor::Heap;
    /// let mut heap = Heap::<u32>::new();
    /// assert_eq!(heap.pop(|left, right| left < right), None);
    /// ```
    pub fn new() -> Heap<T> {
        Heap(Vec::new())
    }

    /// How many items there are.
    ///
    /// ```
    /// use timeskip_executor::Heap;
    /// let mut heap = Heap::new();
    /// heap.push(5, |left, right| left < right);
    /// assert_eq!(heap.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    ///
    /// ```
    /// use timeskip_executor::Heap;
    /// assert!(Heap::<u32>::new().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes an item in (`heappush`).
    ///
    /// `is_less` must be the same order in all calls; it is asked as often as the logarithm of the length.
    ///
    /// ```
    /// use timeskip_executor::Heap;
    /// let mut heap = Heap::new();
    /// for number in [2, 3, 1] {
    ///     heap.push(number, |left, right| left < right);
    /// }
    /// assert_eq!(heap.pop(|left, right| left < right), Some(1));
    /// ```
    pub fn push(&mut self, item: T, is_less: impl FnMut(&T, &T) -> bool) {
        self.0.push(item);
        let last = self.0.len() - 1;
        rise(&mut self.0, last, is_less);
    }

    /// Gives the smallest item (`heappop`).
    ///
    /// `None` when there is none.
    ///
    /// ```
    /// use timeskip_executor::Heap;
    /// let mut heap = Heap::new();
    /// for pair in [(1, 'a'), (1, 'b'), (1, 'c'), (1, 'd')] {
    ///     heap.push(pair, |left, right| left.0 < right.0);
    /// }
    /// let mut pop = || heap.pop(|left, right| left.0 < right.0).map(|(_, name)| name);
    /// assert_eq!([pop(), pop(), pop(), pop()], ['a', 'c', 'b', 'd'].map(Some), "as in CPython");
    /// ```
    pub fn pop(&mut self, is_less: impl FnMut(&T, &T) -> bool) -> Option<T> {
        let last = self.0.len().checked_sub(1)?;
        self.0.swap(0, last);
        let item = self.0.pop();
        sink(&mut self.0, is_less);
        item
    }
}

/// Moves the item at `place` up while it is smaller than its parent (`_siftdown`).
fn rise<T>(heap: &mut [T], mut place: usize, mut is_less: impl FnMut(&T, &T) -> bool) {
    while place > 0 {
        let parent = (place - 1) / 2;
        if !is_less(&heap[place], &heap[parent]) {
            return;
        }
        heap.swap(place, parent);
        place = parent;
    }
}

/// Moves the first item to a leaf along the smaller children, then up again (`_siftup`).
fn sink<T>(heap: &mut [T], mut is_less: impl FnMut(&T, &T) -> bool) {
    let mut place = 0;
    loop {
        let left = 2 * place + 1;
        if left >= heap.len() {
            break;
        }
        let right = left + 1;
        let child = if right < heap.len() && !is_less(&heap[left], &heap[right]) { right } else { left };
        heap.swap(place, child);
        place = child;
    }
    rise(heap, place, is_less);
}
