//! Texts with holes.

use crate::code::{Conversion, Expr, Piece, Text};
use crate::machine::evaluate::Evaluator;
use crate::value::{Result, Value, format, write_repr, write_str};

impl Evaluator<'_> {
    /// The text with its holes filled.
    pub(crate) fn text(&mut self, text: &Text) -> Result<String> {
        let mut filled = String::new();
        self.fill(text, &mut filled)?;
        Ok(filled)
    }

    fn fill(&mut self, text: &Text, filled: &mut String) -> Result<()> {
        for piece in &text.pieces {
            match piece {
                Piece::Literal(literal) => filled.push_str(literal),
                Piece::Hole { value, conversion, spec } => self.hole(value, *conversion, spec, filled)?,
            }
        }
        Ok(())
    }

    fn hole(&mut self, value: &Expr, conversion: Conversion, spec: &Text, filled: &mut String) -> Result<()> {
        let value = self.value(value)?;
        if spec.pieces.is_empty() {
            return match conversion {
                Conversion::None | Conversion::Str => write_str(&value, filled),
                Conversion::Repr => write_repr(&value, filled),
                Conversion::Ascii => {
                    filled.push_str(&crate::value::ascii(&value)?);
                    Ok(())
                }
            };
        }
        let converted = match conversion {
            Conversion::None => value,
            Conversion::Str => Value::text(crate::value::str(&value)?),
            Conversion::Repr => Value::text(crate::value::repr(&value)?),
            Conversion::Ascii => Value::text(crate::value::ascii(&value)?),
        };
        let spec = self.text(spec)?;
        format(&converted, &spec, filled)
    }
}
