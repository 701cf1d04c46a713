//! What primitives are called in traces and reports: after the variable that they go to.

use std::rc::Rc;

use crate::code::Expr;
use crate::machine::context::Context;

/// The name for the primitives that an expression makes.
pub(crate) enum Naming {
    /// The expression is the constructor's call.
    One(Rc<str>),
    /// It makes a list of them, or something that holds them; so many have been made.
    Several(Rc<str>, usize),
}

impl Naming {
    /// How primitives are called that `value` makes for the variable `name`.
    pub(crate) fn of(name: &Rc<str>, value: &Expr) -> Naming {
        match value {
            Expr::Call(..) => Naming::One(Rc::clone(name)),
            _ => Naming::Several(Rc::clone(name), 0),
        }
    }
}

impl Context {
    /// What the primitive that is being made is called: `lock` where it goes to that variable, `locks[1]` where it is
    /// the second in a list, and the word for its kind where it has no variable.
    pub(crate) fn name_primitive(&self, kind: &str) -> Rc<str> {
        match &mut *self.naming.borrow_mut() {
            None => kind.into(),
            Some(Naming::One(name)) => Rc::clone(name),
            Some(Naming::Several(name, made)) => {
                let place = *made;
                *made += 1;
                format!("{name}[{place}]").into()
            }
        }
    }
}
