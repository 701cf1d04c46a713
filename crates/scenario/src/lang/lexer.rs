//! From characters to tokens, one at a time: the parser asks for the next when it needs it, and reads the bodies of
//! strings itself, so that a hole in an f-string is parsed where it stands.

use super::duration;
use super::error::{Parsed, SyntaxError, range};
use super::number;
use super::token::{Braces, Escapes, KEYWORDS, Quote, SYMBOLS, Token, TokenKind};

/// A place in a source. Copying it is how the parser looks ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexer<'s> {
    source: &'s str,
    position: usize,
}

impl<'s> Lexer<'s> {
    /// Reads from the beginning.
    pub(super) fn new(source: &'s str) -> Lexer<'s> {
        Lexer { source, position: 0 }
    }

    /// The whole source.
    pub(super) fn source(&self) -> &'s str {
        self.source
    }

    /// The byte that is read next.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// What is left to read.
    pub(super) fn rest(&self) -> &'s str {
        self.source.get(self.position..).unwrap_or_default()
    }

    /// Steps over this many bytes; whole characters, as the caller has seen them in [`Lexer::rest`].
    pub(super) fn skip(&mut self, bytes: usize) {
        self.position += bytes;
    }

    /// Reads the next token. Line breaks are blanks: a scalar that goes over several lines is one expression.
    pub(super) fn next(&mut self) -> Parsed<Token> {
        let rest = self.rest();
        self.position += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        let start = self.position;
        let kind = self.token()?;
        Ok(Token { kind, at: range(start, self.position) })
    }

    fn token(&mut self) -> Parsed<TokenKind> {
        let rest = self.rest();
        let mut characters = rest.chars();
        let Some(first) = characters.next() else { return Ok(TokenKind::End) };
        let after_dot = characters.next().filter(|_| first == '.');
        if first.is_ascii_digit() || after_dot.is_some_and(|second| second.is_ascii_digit()) {
            let (kind, length) = number::read(self.source, self.position)?;
            self.position += length;
            return Ok(kind);
        }
        if first == '_' || first.is_alphabetic() {
            return self.word();
        }
        if first == '\'' || first == '"' {
            return self.quote(Escapes::Resolved, Braces::Plain);
        }
        if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| begins_with(rest, symbol)) {
            self.position += symbol.len();
            return Ok(TokenKind::Symbol(symbol));
        }
        Err(unknown_character(self.position, first))
    }

    /// A name, a keyword, or the prefix of a string.
    fn word(&mut self) -> Parsed<TokenKind> {
        let rest = self.rest();
        let length = word_length(rest);
        let word = &rest[..length];
        if !word.is_ascii() {
            let at = range(self.position, self.position + length);
            return Err(SyntaxError::new(
                at,
                "a name with a letter outside of ASCII",
                "names are made of a-z, A-Z, 0-9 and _",
            ));
        }
        let keyword = KEYWORDS.into_iter().find(|keyword| keyword.len() == word.len() && begins_with(word, keyword));
        if rest[length..].starts_with(['\'', '"'])
            && let Some(string) = self.prefixed(word)?
        {
            return Ok(string);
        }
        self.position += length;
        Ok(keyword.map_or(TokenKind::Name, TokenKind::Keyword))
    }

    /// The opening quote behind this word, if the word is a prefix of strings.
    fn prefixed(&mut self, word: &str) -> Parsed<Option<TokenKind>> {
        let (escapes, braces) = match word.to_ascii_lowercase().as_str() {
            "u" => (Escapes::Resolved, Braces::Plain),
            "r" => (Escapes::Kept, Braces::Plain),
            "f" => (Escapes::Resolved, Braces::Holes),
            "rf" | "fr" => (Escapes::Kept, Braces::Holes),
            "b" | "br" | "rb" => {
                let at = range(self.position, self.position + word.len());
                let error = SyntaxError::new(at, "there are no bytes in this language", "not a prefix of strings here");
                return Err(error.help("write an ordinary string, without the prefix"));
            }
            _ => return Ok(None),
        };
        self.position += word.len();
        self.quote(escapes, braces).map(Some)
    }

    /// The opening quote, at which the lexer stands.
    fn quote(&mut self, escapes: Escapes, braces: Braces) -> Parsed<TokenKind> {
        let rest = self.rest();
        if rest.starts_with("'''") || rest.starts_with("\"\"\"") {
            let at = range(self.position, self.position + 3);
            let error = SyntaxError::new(at, "a string in triple quotes", "one quote is enough here");
            return Err(error.help("write a line break as \\n in an ordinary string"));
        }
        let mark = if rest.starts_with('"') { b'"' } else { b'\'' };
        self.position += 1;
        Ok(TokenKind::Quote(Quote { mark, escapes, braces }))
    }
}

/// `starts_with` for words of which most differ in their first letter.
#[inline]
fn begins_with(text: &str, word: &str) -> bool {
    text.as_bytes().first() == word.as_bytes().first() && text.starts_with(word)
}

/// The length of the letters, digits and underscores at the beginning.
pub(super) fn word_length(text: &str) -> usize {
    text.find(|letter: char| letter != '_' && !letter.is_alphanumeric()).unwrap_or(text.len())
}

/// Characters that come from word processors and web pages, and what was meant.
const LOOKALIKES: [(&str, &str); 11] = [
    ("\u{a0}\u{2003}\u{2009}\u{202f}\u{3000}\u{feff}\u{200b}", " "),
    ("\u{2018}\u{2019}\u{201a}\u{b4}", "'"),
    ("\u{201c}\u{201d}\u{201e}\u{ab}\u{bb}", "\""),
    ("\u{2212}\u{2013}\u{2014}", "-"),
    ("\u{d7}", "*"),
    ("\u{f7}", "/"),
    ("\u{2264}", "<="),
    ("\u{2265}", ">="),
    ("\u{2260}", "!="),
    ("\u{ff0c}", ","),
    ("\u{2026}", "..."),
];

fn unknown_character(position: usize, character: char) -> Box<SyntaxError> {
    let at = range(position, position + character.len_utf8());
    if let Some((_, meant)) = LOOKALIKES.iter().find(|(these, _)| these.contains(character)) {
        let title = format!("the character U+{:04X} has no meaning here", character as u32);
        let label =
            if *meant == " " { "not an ordinary blank".to_owned() } else { format!("only looks like `{meant}`") };
        return SyntaxError::new(at, title, label).patch(at, *meant);
    }
    let shown = if character.is_control() { character.escape_unicode().to_string() } else { character.to_string() };
    SyntaxError::new(at, format!("the character `{shown}` has no meaning here"), "not part of an expression")
        .help(format!("units of time are {}; text stands in quotes", duration::UNIT_NAMES))
}
