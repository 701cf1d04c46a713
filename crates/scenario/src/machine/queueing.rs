//! `put`, `get` and `task_done` of a queue: without an object for the awaitable, and where they need not wait, without a
//! future.

use std::cell::RefCell;
use std::rc::Rc;

use timeskip_executor::{GetError, PutError, Queue};

use crate::code::{Expr, MethodName, ObjectMethod, Target};
use crate::machine::awaiting::Awaiting;
use crate::machine::calls::Given;
use crate::machine::evaluate::Evaluator;
use crate::machine::methods::{self, error_without_text};
use crate::machine::objects::{Pending, QueueKind, QueueObject, Store};
use crate::machine::start::not_awaitable;
use crate::value::error::value_error;
use crate::value::{Exception, ExceptionKind, Object, Result, Value, let_go};

impl Evaluator<'_> {
    /// `await: object.put(item)`. Where the queue is full, it is to be awaited.
    #[inline(never)]
    pub(super) fn put(
        &mut self,
        object: &Expr,
        item: &Expr,
        target: Option<&Target>,
        awaiting: &mut Option<Awaiting>,
    ) -> Result<()> {
        let object = self.object(object)?;
        let item = self.value(item)?;
        let Some(queue) = queue(&object) else { return self.await_other(object, ObjectMethod::Put, &[item]) };
        let put = queue.queue.put_nowait(item);
        queue.check_put()?;
        match put {
            Ok(()) => target.map_or(Ok(()), |target| self.bind(target, Value::None)),
            Err(PutError::Full(item) | PutError::ShutDown(item)) => {
                *awaiting = Awaiting::operation(queue.put(item)).ok();
                Ok(())
            }
        }
    }

    /// `await: object.get()`. Where the queue is empty, it is to be awaited.
    #[inline(never)]
    pub(super) fn get(
        &mut self,
        object: &Expr,
        target: Option<&Target>,
        awaiting: &mut Option<Awaiting>,
    ) -> Result<()> {
        let object = self.object(object)?;
        let Some(queue) = queue(&object) else { return self.await_other(object, ObjectMethod::Get, &[]) };
        let got = queue.queue.get_nowait();
        queue.check_order()?;
        match (got, target) {
            (Ok(item), Some(target)) => self.bind(target, item),
            (Ok(item), None) => {
                let_go(Some(item));
                Ok(())
            }
            (Err(GetError::Empty | GetError::ShutDown), _) => {
                *awaiting = Awaiting::operation(queue.get()).ok();
                Ok(())
            }
        }
    }

    /// `object.task_done()`
    #[inline(never)]
    pub(super) fn task_done(&mut self, object: &Expr) -> Result<()> {
        let object = self.object(object)?;
        match queue(&object) {
            Some(queue) => queue.queue.task_done().map_err(|failed| value_error(failed.to_string())),
            None => self.call_other(object, ObjectMethod::TaskDone, &[]).map(drop),
        }
    }

    /// The value of an expression that is most often a queue: one that a name holds is not put together as a value.
    #[inline]
    fn object(&mut self, expr: &Expr) -> Result<Held> {
        let held = match expr {
            Expr::Global(number) => match &self.context.globals.borrow()[*number as usize] {
                Some(Value::Object(object)) => Some(Rc::clone(object)),
                _ => None,
            },
            _ => match self.here(expr) {
                Some(Value::Object(object)) => Some(Rc::clone(object)),
                _ => None,
            },
        };
        match held {
            Some(object) => Ok(Ok(object)),
            None => self.held(expr),
        }
    }

    #[inline(never)]
    fn held(&mut self, expr: &Expr) -> Result<Held> {
        Ok(match self.value(expr)? {
            Value::Object(object) => Ok(object),
            value => Err(value),
        })
    }

    /// Calls such a method of something else.
    #[cold]
    fn call_other(&mut self, held: Held, method: ObjectMethod, positional: &[Value]) -> Result<Value> {
        let object = held.map_or_else(|value| value, Value::Object);
        methods::call(self.context, &object, MethodName::of_object(method), Given { positional, named: &[] })
    }

    /// Awaits what it gives: only those of a queue give something to await.
    #[cold]
    fn await_other(&mut self, held: Held, method: ObjectMethod, positional: &[Value]) -> Result<()> {
        Err(not_awaitable(&self.call_other(held, method, positional)?))
    }
}

impl QueueObject {
    /// What awaits an item.
    pub(super) fn get(&self) -> Pending {
        let get = self.queue.get().until_shutdown();
        if self.kind != QueueKind::Priority {
            return Pending::Get(get);
        }
        let order = Rc::clone(&self.raised);
        Pending::Composite(Box::pin(async move {
            let item = get.await.map_err(|_| error_without_text(ExceptionKind::QueueShutDown));
            order.take().map_or(item, Err)
        }))
    }

    /// What awaits room for an item.
    pub(super) fn put(&self, item: Value) -> Pending {
        let put = self.queue.put(item).until_shutdown();
        if self.kind != QueueKind::Priority {
            return Pending::Put(put);
        }
        let (queue, order) = (self.queue.clone(), Rc::clone(&self.raised));
        Pending::Composite(Box::pin(async move {
            let put = put.await.map_err(|_| error_without_text(ExceptionKind::QueueShutDown));
            check_put(&queue, &order)?;
            put.map(|()| Value::None)
        }))
    }

    /// Raises what a comparison of items has raised meanwhile.
    pub(super) fn check_order(&self) -> Result<()> {
        self.raised.take().map_or(Ok(()), Err)
    }

    /// As [`check_order`](Self::check_order), after an item was put.
    pub(super) fn check_put(&self) -> Result<()> {
        check_put(&self.queue, &self.raised)
    }
}

/// Raises what a comparison has raised with an item that was put: as in CPython it is in the queue, and nobody has to be
/// done with it.
#[inline]
fn check_put(queue: &Queue<Value, Store>, raised: &RefCell<Option<Rc<Exception>>>) -> Result<()> {
    let Some(exception) = raised.take() else { return Ok(()) };
    queue.task_done().ok();
    Err(exception)
}

/// An object, or a value that is none.
type Held = std::result::Result<Rc<dyn Object>, Value>;

/// The queue that it is.
#[inline]
fn queue(held: &Held) -> Option<&QueueObject> {
    held.as_ref().ok()?.downcast()
}
