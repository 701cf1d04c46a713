//! A format specification, taken apart: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.

use super::super::error::value_error;
use super::super::{Result, limits};

/// When a sign is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// `+`: always.
    Always,
    /// `-`: only of negative numbers, as without a word.
    Negative,
    /// A space in the place of a plus.
    Space,
}

/// A format specification.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    pub(super) fill: char,
    /// `<`, `>`, `^` or `=`.
    pub(super) align: char,
    pub(super) sign: Option<Sign>,
    /// `z`: what rounds to zero is not negative.
    pub(super) no_negative_zero: bool,
    /// `#`.
    pub(super) alternate: bool,
    pub(super) width: usize,
    /// `,` or `_`.
    pub(super) grouping: Option<char>,
    pub(super) precision: Option<usize>,
    /// The type: the letter at the end.
    pub(super) code: Option<char>,
}

impl Spec {
    /// Takes a specification apart; the type of the value appears in messages.
    pub(super) fn parse(source: &str, kind: &str, default_align: char) -> Result<Spec> {
        let mut rest = Rest { characters: source.chars().collect(), position: 0 };
        let mut spec = Spec {
            fill: ' ',
            align: default_align,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            width: 0,
            grouping: None,
            precision: None,
            code: None,
        };
        let aligned = spec.take_alignment(&mut rest);
        spec.sign = match rest.peek(0) {
            Some('+') => Some(Sign::Always),
            Some('-') => Some(Sign::Negative),
            Some(' ') => Some(Sign::Space),
            _ => None,
        };
        rest.position += usize::from(spec.sign.is_some());
        spec.no_negative_zero = rest.take('z');
        spec.alternate = rest.take('#');
        if aligned != Alignment::WithFill && rest.take('0') {
            spec.fill = '0';
            if aligned == Alignment::Default && default_align == '>' {
                spec.align = '=';
            }
        }
        spec.width = rest.number("width")?.unwrap_or(0);
        spec.take_grouping(&mut rest)?;
        if rest.take('.') {
            let precision = rest.number("precision")?;
            spec.precision = Some(precision.ok_or_else(|| value_error("Format specifier missing precision"))?);
        }
        if rest.left() > 1 {
            return Err(value_error(format!("Invalid format specifier '{source}' for object of type '{kind}'")));
        }
        // A text without a type has the type `s`; a number without one has a form of its own.
        spec.code = rest.peek(0).or((kind == "str").then_some('s'));
        spec.check_grouping()?;
        Ok(spec)
    }

    fn take_alignment(&mut self, rest: &mut Rest) -> Alignment {
        let is_align = |character: &char| matches!(character, '<' | '>' | '^' | '=');
        if let (Some(fill), Some(align)) = (rest.peek(0), rest.peek(1).filter(is_align)) {
            self.fill = fill;
            self.align = align;
            rest.position += 2;
            Alignment::WithFill
        } else if let Some(align) = rest.peek(0).filter(is_align) {
            self.align = align;
            rest.position += 1;
            Alignment::Given
        } else {
            Alignment::Default
        }
    }

    fn take_grouping(&mut self, rest: &mut Rest) -> Result<()> {
        let both = || value_error("Cannot specify both ',' and '_'.");
        if rest.take(',') {
            self.grouping = Some(',');
        }
        if rest.take('_') {
            if self.grouping.is_some() {
                return Err(both());
            }
            self.grouping = Some('_');
        }
        if self.grouping == Some('_') && rest.peek(0) == Some(',') {
            return Err(both());
        }
        Ok(())
    }

    fn check_grouping(&self) -> Result<()> {
        match (self.grouping, self.code) {
            (None, _) | (_, None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F')) => Ok(()),
            (Some('_'), Some('b' | 'o' | 'x' | 'X')) => Ok(()),
            (Some(grouping), Some(code)) => {
                let code = shown_code(code);
                Err(value_error(format!("Cannot specify '{grouping}' with '{code}'.")))
            }
        }
    }
}

/// A type letter as messages show it: what is no visible ASCII by its number.
pub(super) fn shown_code(code: char) -> String {
    if code.is_ascii_graphic() { code.to_string() } else { format!("\\x{:x}", u32::from(code)) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Alignment {
    Default,
    Given,
    WithFill,
}

/// What is still to be read.
struct Rest {
    characters: Vec<char>,
    position: usize,
}

impl Rest {
    fn peek(&self, offset: usize) -> Option<char> {
        self.characters.get(self.position + offset).copied()
    }

    fn left(&self) -> usize {
        self.characters.len() - self.position
    }

    fn take(&mut self, character: char) -> bool {
        let found = self.peek(0) == Some(character);
        self.position += usize::from(found);
        found
    }

    fn number(&mut self, what: &str) -> Result<Option<usize>> {
        let mut number: Option<usize> = None;
        while let Some(digit) = self.peek(0).and_then(|character| character.to_digit(10)) {
            let grown = number.unwrap_or(0).checked_mul(10).and_then(|tens| tens.checked_add(digit as usize));
            number = Some(grown.ok_or_else(|| value_error("Too many decimal digits in format string"))?);
            self.position += 1;
        }
        match number {
            Some(number) if number > limits::FORMAT_SIZE => {
                Err(value_error(format!("{what} too big: {number} is beyond {}", limits::FORMAT_SIZE)))
            }
            _ => Ok(number),
        }
    }
}
