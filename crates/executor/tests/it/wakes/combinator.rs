//! A combinator, with wakers of its own where it is asked to.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use super::futures::Script;
use super::program::{Until, Wakers};

/// Does several things at the same time.
pub(crate) struct Several {
    children: Vec<Child>,
    until: Until,
    wakers: Wakers,
}

struct Child {
    /// Until it is over.
    script: Option<Script>,
    call: Arc<Call>,
}

/// The waker of a child: notes that it was woken, and wakes whoever polled the combinator last.
struct Call {
    woken: AtomicBool,
    parent: Mutex<Waker>,
}

impl Call {
    fn parent(&self) -> std::sync::MutexGuard<'_, Waker> {
        self.parent.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Relaxed);
        let parent = self.parent().clone();
        parent.wake();
    }
}

impl Several {
    pub(crate) fn new(scripts: Vec<Script>, until: Until, wakers: Wakers) -> Several {
        let child = |script| Child {
            script: Some(script),
            call: Arc::new(Call { woken: AtomicBool::new(true), parent: Mutex::new(Waker::noop().clone()) }),
        };
        Several { children: scripts.into_iter().map(child).collect(), until, wakers }
    }
}

impl Child {
    fn poll(&mut self, wakers: Wakers, context: &mut Context<'_>) -> Poll<()> {
        let Some(script) = &mut self.script else { return Poll::Ready(()) };
        let polled = match wakers {
            Wakers::Shared => Pin::new(script).poll(context),
            Wakers::Own => {
                self.call.parent().clone_from(context.waker());
                if !self.call.woken.swap(false, Ordering::Relaxed) {
                    return Poll::Pending;
                }
                let waker = Waker::from(Arc::clone(&self.call));
                Pin::new(script).poll(&mut Context::from_waker(&waker))
            }
        };
        if polled.is_ready() {
            self.script = None;
        }
        polled
    }
}

impl Future for Several {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Several { children, until, wakers } = &mut *self;
        let mut left = 0;
        for child in children.iter_mut() {
            match (child.poll(*wakers, context), &until) {
                (Poll::Ready(()), Until::First) => {
                    children.clear();
                    return Poll::Ready(());
                }
                (Poll::Ready(()), Until::All) => {}
                (Poll::Pending, _) => left += 1,
            }
        }
        if left == 0 { Poll::Ready(()) } else { Poll::Pending }
    }
}
