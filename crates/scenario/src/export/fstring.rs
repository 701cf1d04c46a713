//! Texts with holes as f-strings.
//!
//! Until 3.12 what stands in the braces of an f-string could hold neither a backslash nor the quotes around it. Where an
//! expression needs one of them, the text becomes a call of `str.format`, which knows no such bounds.

use super::expression::{Level, Quotes, Unquotable};
use super::literal;
use super::writer::Writer;
use crate::lang::ast::{Expr, Piece, Text};

/// The quotes that a string may have, the customary ones first.
const QUOTES: [char; 2] = ['"', '\''];

impl Writer<'_> {
    /// The text as an expression.
    pub(super) fn text(&mut self, text: &Text, quotes: Quotes) -> Result<String, Unquotable> {
        match text.pieces.as_slice() {
            [] => return string("", quotes),
            [Piece::Literal(content)] => return string(content, quotes),
            _ => {}
        }
        let mut choices: Vec<char> = QUOTES.into_iter().filter(|quote| quotes.allow(*quote)).collect();
        let is_quoted = |piece: &Piece| matches!(piece, Piece::Literal(content) if content.contains('"'));
        if text.pieces.iter().any(is_quoted) {
            choices.reverse();
        }
        for quote in choices {
            let loop_uses = self.loop_uses;
            if let Ok(written) = self.fstring(text, quote, quotes) {
                return Ok(written);
            }
            self.loop_uses = loop_uses;
        }
        match quotes {
            Quotes::Any => self.format_call(text),
            Quotes::Only(_) => Err(Unquotable),
        }
    }

    fn fstring(&mut self, text: &Text, quote: char, quotes: Quotes) -> Result<String, Unquotable> {
        let mut written = format!("f{quote}");
        for piece in &text.pieces {
            match piece {
                Piece::Literal(content) => {
                    let content = content.replace('{', "{{").replace('}', "}}");
                    written.push_str(&match quotes {
                        Quotes::Any => literal::escaped(&content, quote),
                        Quotes::Only(_) => plain(&content)?.to_owned(),
                    });
                }
                Piece::Hole { value, conversion, spec, .. } => {
                    let inner = quotes.without(quote);
                    written.push_str(&self.hole(value, *conversion, spec, inner)?);
                }
            }
        }
        written.push(quote);
        Ok(written)
    }

    fn hole(
        &mut self,
        value: &Expr,
        conversion: Option<char>,
        spec: &Text,
        quotes: Quotes,
    ) -> Result<String, Unquotable> {
        let value = self.within(value, Level::Conditional, quotes)?;
        // Two braces side by side would be a brace of the text.
        let space = if value.starts_with('{') { " " } else { "" };
        let mut written = format!("{{{space}{value}{}", conversion_mark(conversion));
        if !spec.pieces.is_empty() {
            written.push(':');
            for piece in &spec.pieces {
                match piece {
                    Piece::Literal(content) => written.push_str(plain(content)?),
                    Piece::Hole { value, conversion, spec, .. } => {
                        written.push_str(&self.hole(value, *conversion, spec, quotes)?);
                    }
                }
            }
        }
        written.push('}');
        Ok(written)
    }

    /// `"{} of {:0.2f}".format(a, b)`.
    fn format_call(&mut self, text: &Text) -> Result<String, Unquotable> {
        let (mut template, mut arguments) = (String::new(), Vec::new());
        self.fields(text, &mut template, &mut arguments)?;
        Ok(format!("{}.format({})", literal::text(&template), arguments.join(", ")))
    }

    fn fields(&mut self, text: &Text, template: &mut String, arguments: &mut Vec<String>) -> Result<(), Unquotable> {
        for piece in &text.pieces {
            match piece {
                Piece::Literal(content) => template.push_str(&content.replace('{', "{{").replace('}', "}}")),
                Piece::Hole { value, conversion, spec, .. } => {
                    arguments.push(self.within(value, Level::Conditional, Quotes::Any)?);
                    template.push('{');
                    template.push_str(&conversion_mark(*conversion));
                    if !spec.pieces.is_empty() {
                        template.push(':');
                        self.fields(spec, template, arguments)?;
                    }
                    template.push('}');
                }
            }
        }
        Ok(())
    }
}

fn conversion_mark(conversion: Option<char>) -> String {
    conversion.map_or_else(String::new, |conversion| format!("!{conversion}"))
}

/// A plain string.
pub(super) fn string(content: &str, quotes: Quotes) -> Result<String, Unquotable> {
    match quotes {
        Quotes::Any => Ok(literal::text(content)),
        Quotes::Only(list) => {
            let quote = list.first().ok_or(Unquotable)?;
            Ok(format!("{quote}{}{quote}", plain(content)?))
        }
    }
}

/// The content of a string within braces: nothing in it may need a backslash, or end the string around it.
fn plain(content: &str) -> Result<&str, Unquotable> {
    let is_plain = |character| literal::is_plain(character) && !matches!(character, '\\' | '"' | '\'');
    if content.chars().all(is_plain) { Ok(content) } else { Err(Unquotable) }
}
