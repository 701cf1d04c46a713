//! The arguments of a call: by position, spread, by name, or one generator.

use super::ast::{Arg, Args, Expr, ExprKind, Name};
use super::error::{Parsed, SyntaxError};
use super::parser::{Bracket, MAX_NAMES, Parser};

impl Parser<'_> {
    /// Arguments with their brackets.
    pub(super) fn bracketed_arguments(&mut self) -> Parsed<Args> {
        self.open(Bracket::Round)?;
        let arguments = self.arguments()?;
        self.close()?;
        Ok(arguments)
    }

    /// Arguments up to a closing bracket or the end.
    pub(super) fn arguments(&mut self) -> Parsed<Args> {
        let mut arguments = Args::default();
        while !self.at_closer() {
            self.argument(&mut arguments)?;
            if !self.eat(",")? {
                break;
            }
        }
        Ok(arguments)
    }

    fn argument(&mut self, arguments: &mut Args) -> Parsed<()> {
        let start = self.start();
        if self.eat("*")? {
            arguments.positional.push(Arg::Spread(self.expression()?));
            return Ok(());
        }
        let value = self.expression()?;
        if self.is("=") {
            return self.named_argument(value, arguments);
        }
        if self.is("for") {
            let generator = self.generator_argument(value, start, arguments)?;
            arguments.positional.push(Arg::One(generator));
            return Ok(());
        }
        if let Some((name, _)) = arguments.named.last() {
            let label = format!("must stand before `{}=`", name.text);
            return Err(SyntaxError::new(value.at, "an argument by position after one by name", label));
        }
        arguments.positional.push(Arg::One(value));
        Ok(())
    }

    /// `name=value`, at its equals sign.
    fn named_argument(&mut self, before: Expr, arguments: &mut Args) -> Parsed<()> {
        let name = match before.kind {
            ExprKind::Name(text) if before.at == self.previous => Name { text, at: before.at },
            _ => {
                let error =
                    SyntaxError::new(self.token.at, "only a name may stand before `=` here", "to compare, write `==`");
                return Err(error.patch(self.token.at, "=="));
            }
        };
        if arguments.named.iter().any(|(earlier, _)| earlier.text == name.text) {
            let title = format!("the argument `{}` is given twice", name.text);
            return Err(SyntaxError::new(name.at, title, "given before"));
        }
        if arguments.named.len() >= MAX_NAMES {
            return Err(SyntaxError::new(name.at, "too many arguments by name", format!("at most {MAX_NAMES}")));
        }
        self.advance()?;
        arguments.named.push((name, self.expression()?));
        Ok(())
    }

    /// `x for x in xs` without brackets: only as the sole argument, as in Python.
    fn generator_argument(&mut self, element: Expr, start: u32, others: &Args) -> Parsed<Expr> {
        let mark = self.mark();
        let clauses = self.clauses()?;
        let generator = self.node(ExprKind::Generator(Box::new(element), clauses), start)?;
        self.merge(mark);
        if others.positional.is_empty() && others.named.is_empty() && !self.is(",") {
            return Ok(generator);
        }
        let text = self.text(generator.at);
        Err(SyntaxError::new(generator.at, "a generator beside other arguments", "needs brackets of its own")
            .patch(generator.at, format!("({text})")))
    }
}
