//! What the tests share: values from literals as Python writes them.

use std::iter::Peekable;
use std::rc::Rc;
use std::str::Chars;

use super::{Dict, Exception, ExceptionKind, Range, Value};

/// The value of a literal: `[1, 'a', (2.5,), {'k': None}, range(0, 3), ValueError('x'), inf]`.
#[track_caller]
pub(crate) fn literal(source: &str) -> Value {
    let mut reader = Reader { characters: source.chars().peekable() };
    let value = reader.value();
    reader.skip_spaces();
    assert_eq!(reader.characters.next(), None, "something follows the literal in {source:?}");
    value
}

struct Reader<'a> {
    characters: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn skip_spaces(&mut self) {
        while self.characters.next_if_eq(&' ').is_some() {}
    }

    fn take(&mut self, character: char) -> bool {
        self.skip_spaces();
        self.characters.next_if_eq(&character).is_some()
    }

    fn value(&mut self) -> Value {
        self.skip_spaces();
        match self.characters.peek() {
            Some('[') => Value::list(self.items('[', ']').0),
            Some('(') => match self.items('(', ')') {
                (mut items, Comma::No) if items.len() == 1 => items.remove(0),
                (items, _) => Value::tuple(items),
            },
            Some('{') => self.dict(),
            Some('\'' | '"') => Value::text(self.text()),
            Some(character) if character.is_alphabetic() => self.word(),
            _ => self.number(),
        }
    }

    fn items(&mut self, open: char, close: char) -> (Vec<Value>, Comma) {
        assert!(self.take(open));
        let mut items = Vec::new();
        let mut comma = Comma::No;
        while !self.take(close) {
            items.push(self.value());
            comma = if self.take(',') { Comma::Yes } else { Comma::No };
        }
        (items, comma)
    }

    fn dict(&mut self) -> Value {
        assert!(self.take('{'));
        let mut pairs = Vec::new();
        while !self.take('}') {
            let key = self.value();
            assert!(self.take(':'));
            pairs.push((key, self.value()));
            self.take(',');
        }
        Value::Dict(Rc::new(Dict::from_pairs(pairs).expect("hashable keys")))
    }

    fn word(&mut self) -> Value {
        let mut word = String::new();
        while let Some(letter) = self.characters.next_if(|letter| letter.is_alphanumeric()) {
            word.push(letter);
        }
        match word.as_str() {
            "None" => Value::None,
            "True" => Value::Bool(true),
            "False" => Value::Bool(false),
            "inf" => Value::Float(f64::INFINITY),
            "nan" => Value::Float(f64::NAN),
            "range" => match self.items('(', ')').0.as_slice() {
                [Value::Int(start), Value::Int(stop)] => range(*start, *stop, 1),
                [Value::Int(start), Value::Int(stop), Value::Int(step)] => range(*start, *stop, *step),
                other => panic!("a range of {other:?}"),
            },
            name => {
                let kind = ExceptionKind::from_name(name).expect("the name of an exception");
                Value::Exception(Exception::construct(kind, &self.items('(', ')').0).expect("a sound exception"))
            }
        }
    }

    fn number(&mut self) -> Value {
        let mut digits = String::new();
        while let Some(digit) = self.characters.next_if(|digit| digit.is_alphanumeric() || "+-.".contains(*digit)) {
            digits.push(digit);
        }
        match digits.parse() {
            Ok(number) => Value::Int(number),
            Err(_) => Value::Float(digits.parse().unwrap_or_else(|_| panic!("{digits:?} is no number"))),
        }
    }

    fn text(&mut self) -> String {
        let mark = self.characters.next().expect("a quote");
        let mut text = String::new();
        loop {
            match self.characters.next().expect("a closing quote") {
                '\\' => text.push(self.escape()),
                character if character == mark => return text,
                character => text.push(character),
            }
        }
    }

    fn escape(&mut self) -> char {
        let digits = match self.characters.next() {
            Some('n') => return '\n',
            Some('r') => return '\r',
            Some('t') => return '\t',
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            other => return other.expect("an escape"),
        };
        let code: String = self.characters.by_ref().take(digits).collect();
        u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).expect("a character's number")
    }
}

/// Whether a comma stood before the closing bracket.
#[derive(PartialEq, Eq)]
enum Comma {
    Yes,
    No,
}

fn range(start: i64, stop: i64, step: i64) -> Value {
    Value::Range(Rc::new(Range::new(start, stop, step).expect("a step")))
}
