//! Targets: what a value is bound to. They are read as expressions and then looked at, since only what follows (`=`,
//! `in`, the end) tells the two apart.

use super::ast::{Expr, ExprKind, Name, Range, Target};
use super::error::{Parsed, SyntaxError};
use super::expression::Level;
use super::parser::Parser;

impl Parser<'_> {
    /// The targets between `for` and `in`, and the `in`. Nothing that contains `in` as an operator may stand there.
    pub(super) fn target_before_in(&mut self) -> Parsed<Target> {
        let start = self.start();
        let mark = self.mark();
        let first = self.binary(Level::BitOr)?;
        let target = if self.is(",") {
            let mut targets = vec![target(first)?];
            while self.eat(",")? && !self.is("in") {
                targets.push(target(self.binary(Level::BitOr)?)?);
            }
            Target::Tuple(targets, self.since(start))
        } else {
            target(first)?
        };
        self.merge(mark);
        if !self.eat("in")? {
            return Err(self.in_missing());
        }
        Ok(target)
    }
}

/// What this expression binds, standing left of `=`, `in` or alone after `as:`. As deep as the expression is.
pub(super) fn target(expression: Expr) -> Parsed<Target> {
    let at = expression.at;
    match expression.kind {
        ExprKind::Name(text) => Ok(Target::Name(Name { text, at })),
        ExprKind::Index(object, index) => Ok(Target::Index(*object, *index)),
        ExprKind::Tuple(elements) | ExprKind::List(elements) => {
            let targets = elements.into_iter().map(target).collect::<Parsed<Vec<Target>>>()?;
            Ok(Target::Tuple(targets, at))
        }
        kind => Err(no_target(&kind, at)),
    }
}

/// The expression that reads what a target binds: `x` in `x += 1`. Only targets that may be evaluated twice have one.
pub(super) fn reading(target: &Target, at: Range) -> Parsed<Expr> {
    match target {
        Target::Name(name) => Ok(Expr { kind: ExprKind::Name(name.text.clone()), at }),
        Target::Index(object, index) if is_still(object) && is_still(index) => {
            let kind = ExprKind::Index(Box::new(object.clone()), Box::new(index.clone()));
            Ok(Expr { kind, at })
        }
        Target::Index(..) => Err(SyntaxError::new(at, "this cannot be changed in place", "would be computed twice")
            .help("bind the object and the index with `let` first")),
        Target::Tuple(..) => Err(SyntaxError::new(at, "several names cannot be changed in place", "expected one name")),
    }
}

/// Whether evaluating it does nothing and always gives the same: names, numbers, strings, and signs, indexes and
/// operators on those.
fn is_still(expression: &Expr) -> bool {
    match &expression.kind {
        ExprKind::Name(_) | ExprKind::Int(_) | ExprKind::Str(_) | ExprKind::Bool(_) | ExprKind::None => true,
        ExprKind::Unary(_, operand) | ExprKind::Attribute(operand, _) => is_still(operand),
        ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => is_still(left) && is_still(right),
        ExprKind::Tuple(elements) => elements.iter().all(is_still),
        _ => false,
    }
}

fn no_target(kind: &ExprKind, at: Range) -> Box<SyntaxError> {
    let what = match kind {
        ExprKind::Call(..) | ExprKind::Method(..) => "a call",
        ExprKind::Attribute(..) => "an attribute",
        ExprKind::Slice(..) => "a slice",
        ExprKind::Compare(..) => "a comparison",
        ExprKind::None | ExprKind::Bool(_) => "a constant",
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Duration(_) => "a number",
        ExprKind::Str(_) | ExprKind::FString(_) => "a string",
        ExprKind::Dict(_) => "a dict",
        _ => "an expression",
    };
    SyntaxError::new(at, format!("{what} cannot be assigned to"), "expected a name, `xs[i]`, or several with commas")
}
