//! What is said when the token at hand is not what the grammar expects. The grammar asks one of two questions: an
//! operand was expected ([`Parser::operand_missing`]), or something complete was read and cannot go on like this
//! ([`Parser::unexpected`]).

use super::ast::Range;
use super::duration;
use super::error::SyntaxError;
use super::foreign::{foreign_operator, misspelt_operator, steps_help, symbol_help};
use super::parser::{Bracket, Parser};
use super::token::{Token, TokenKind};

impl Parser<'_> {
    /// An operand was expected here.
    pub(super) fn operand_missing(&self) -> Box<SyntaxError> {
        let at = self.token.at;
        let behind = self.text(self.previous);
        match self.word() {
            Some(word) if self.closes_nothing(word) => self.wrong_closer(),
            Some(word @ ("*" | "**")) if matches!(behind, "" | "(" | "," | "[" | "{") => self.misplaced_star(word),
            Some("!") => self.exclamation(),
            Some(word) => {
                let error = SyntaxError::new(at, self.expected_operand(), format!("found `{word}`"));
                let help = match (behind, word) {
                    ("=" | "<" | ">", "=") | ("&", "&") | ("|", "|") => {
                        Some("an operator of two characters is written without a blank")
                    }
                    _ => {
                        steps_help(word).or_else(|| symbol_help(word)).or(foreign_operator(word).map(|(_, help)| help))
                    }
                };
                error.help_if(help)
            }
            None => self.end_too_early(),
        }
    }

    /// The source ended where an operand was expected.
    fn end_too_early(&self) -> Box<SyntaxError> {
        if self.previous_is_doubled() {
            let at = Range { start: self.previous.start.saturating_sub(1), end: self.previous.end };
            let operator = self.text(self.previous);
            return SyntaxError::new(at, format!("there is no operator `{operator}{operator}`"), "needs an operand")
                .help(format!("write `let: x {operator}= 1` to change a variable"));
        }
        let bracket = matches!(self.text(self.previous), "(" | "[" | "{" | ",");
        if bracket && !self.open.is_empty() {
            return self.bracket_not_closed();
        }
        let label = if self.previous == Range::default() { "nothing is here" } else { "the expression ends here" };
        SyntaxError::new(self.token.at, self.expected_operand(), label).cut()
    }

    fn expected_operand(&self) -> String {
        match self.text(self.previous) {
            "" => "an expression is expected".to_owned(),
            behind => format!("an operand is expected after `{behind}`"),
        }
    }

    /// Whether the operator before was `++` or `--`.
    fn previous_is_doubled(&self) -> bool {
        let operator = self.text(self.previous);
        let start = self.previous.start.saturating_sub(1);
        let doubled = self.text(Range { start, end: self.previous.end });
        matches!(operator, "+" | "-") && (doubled == "++" || doubled == "--")
    }

    fn misplaced_star(&self, word: &str) -> Box<SyntaxError> {
        let error = SyntaxError::new(self.token.at, format!("`{word}` cannot stand here"), "expected an operand");
        match word {
            "**" => error.help("dicts cannot be spread; write the arguments by name"),
            _ => error.help("`*xs` spreads a list in the arguments of a call only; join lists with `+`"),
        }
    }

    /// Something complete was read, and this cannot follow it.
    pub(super) fn unexpected(&self) -> Box<SyntaxError> {
        let at = self.token.at;
        match self.token.kind {
            TokenKind::End => self.bracket_not_closed(),
            TokenKind::Name => self.unexpected_name(),
            TokenKind::Keyword(word) => self.unexpected_keyword(word),
            TokenKind::Symbol(word) if self.closes_nothing(word) => self.wrong_closer(),
            TokenKind::Symbol(word) => self.unexpected_symbol(word),
            TokenKind::Quote(_) => self.not_expected("a string").help("an operator or a comma is missing before it"),
            TokenKind::Int(_) | TokenKind::Float(_) | TokenKind::Duration(_) => {
                if let Some(error) = self.duration_in_words() {
                    return error;
                }
                let error = self.not_expected(&format!("`{}`", self.text(at)));
                error.help("an operator or a comma is missing before it")
            }
        }
    }

    /// `1m 30s`, whose first number was taken last.
    fn duration_in_words(&self) -> Option<Box<SyntaxError>> {
        duration::in_words(self.lexer.source(), self.previous.start)
    }

    /// The general form: what was found, and what could have been there.
    fn not_expected(&self, found: &str) -> Box<SyntaxError> {
        let expected = match self.open.last() {
            Some((Bracket::Round, _)) => "expected an operator, `,` or `)`",
            Some((Bracket::Square, _)) => "expected an operator, `,` or `]`",
            Some((Bracket::Curly, _)) => "expected an operator, `,` or `}`",
            Some((Bracket::Hole, _)) => "expected an operator, or `}` to end the hole",
            None => "expected an operator, or the end of the expression",
        };
        SyntaxError::new(self.token.at, format!("{found} is not expected here"), expected)
    }

    fn unexpected_name(&self) -> Box<SyntaxError> {
        let at = self.token.at;
        let word = self.text(at);
        let before = self.text(self.previous);
        if before.starts_with(|first: char| first.is_ascii_digit()) && !before.ends_with(char::is_alphabetic) {
            if let Some(error) = self.duration_in_words() {
                return error;
            }
            let whole = Range { start: self.previous.start, end: at.end };
            return duration::detached_unit(before, word, whole);
        }
        let error = self.not_expected(&format!("`{word}`"));
        if let Some(keyword) = misspelt_operator(word) {
            return error.help(format!("did you mean `{keyword}`?")).patch(at, keyword);
        }
        match word {
            "then" => error.help("a choice is written `a if test else b`"),
            _ => error.help("an operator is missing before it; text stands in quotes"),
        }
    }

    fn unexpected_keyword(&self, word: &str) -> Box<SyntaxError> {
        let error = self.not_expected(&format!("`{word}`"));
        match word {
            "for" => match self.open.last() {
                Some((Bracket::Curly, _)) => error.help("write a dict with `for` as `dict((k, v) for k, v in pairs)`"),
                Some((Bracket::Round | Bracket::Square, _)) => {
                    error.help("one value stands before `for`; several need brackets: `[(x, y) for ..]`")
                }
                _ => error.help("a generator stands in brackets: `[x for x in xs]`"),
            },
            "if" | "else" => {
                error.help("a choice is written `a if test else b`; inside a comprehension it needs brackets")
            }
            "not" => error.help("`not` comes before its operand, or as `not in`"),
            "as" => error.help("`as` is a key of its own, beside the step"),
            _ => error.help(steps_help(word).unwrap_or("an operator is missing before it")),
        }
    }

    fn unexpected_symbol(&self, word: &'static str) -> Box<SyntaxError> {
        let at = self.token.at;
        if word == "!" {
            return self.exclamation();
        }
        if word == ":" && self.text(Range { start: at.start, end: at.end + 1 }) == ":=" {
            let at = Range { start: at.start, end: at.end + 1 };
            return SyntaxError::new(at, "`:=` is not part of the language", "cannot assign inside an expression")
                .help("assign in a `let` step before");
        }
        if let Some((meant, help)) = foreign_operator(word) {
            let error = SyntaxError::new(at, format!("there is no operator `{word}` here"), "not Python's").help(help);
            return if meant.is_empty() { error } else { error.patch(at, meant) };
        }
        if word == "=" {
            if let Some(reversed) = self.reversed_comparison() {
                return reversed;
            }
            let title = "`=` assigns, and cannot stand in an expression";
            return SyntaxError::new(at, title, "to compare, write `==`").patch(at, "==");
        }
        let error = self.not_expected(&format!("`{word}`"));
        error.help_if(symbol_help(word))
    }

    /// `=<` for `<=`.
    fn reversed_comparison(&self) -> Option<Box<SyntaxError>> {
        let at = Range { start: self.token.at.start, end: self.token.at.end + 1 };
        let meant = if self.text(at) == "=<" { "<=" } else { return None };
        Some(SyntaxError::new(at, "there is no operator `=<` here", "Python writes `<=`").patch(at, meant))
    }

    /// `!x`, or `!` behind something.
    fn exclamation(&self) -> Box<SyntaxError> {
        let at = self.token.at;
        let error = SyntaxError::new(at, "there is no operator `!` here", "Python writes `not`");
        // Behind an operator that binds more tightly, `not` would need brackets.
        let behind = self.text(self.previous);
        if matches!(behind, "" | "(" | "[" | "{" | "," | "and" | "or" | "not") {
            error.patch(at, "not ")
        } else {
            error
        }
    }

    /// Whether this is a closing bracket, but not of the innermost open one.
    fn closes_nothing(&self, word: &str) -> bool {
        let expected = self.open.last().map(|(bracket, _)| bracket.closer());
        matches!(word, ")" | "]" | "}") && expected != Some(word)
    }

    fn wrong_closer(&self) -> Box<SyntaxError> {
        let at = self.token.at;
        let found = self.text(at);
        let Some((bracket, opening)) = self.open.last() else {
            return SyntaxError::new(at, format!("this `{found}` closes nothing"), "its opening bracket is missing")
                .cut();
        };
        let title = format!("`{found}` does not close `{}`", self.text(*opening));
        SyntaxError::new(at, title, format!("expected `{}`", bracket.closer()))
    }

    /// The innermost open bracket lacks its closing one; at the end of a form that knows no brackets, the end itself.
    pub(super) fn bracket_not_closed(&self) -> Box<SyntaxError> {
        let Some((bracket, opening)) = self.open.last() else {
            return SyntaxError::new(self.token.at, "this ends too early", "more is expected here").cut();
        };
        let title = format!("this `{}` is never closed", self.text(*opening));
        let error = SyntaxError::new(*opening, title, format!("its `{}` is missing", bracket.closer())).cut();
        if *bracket == Bracket::Hole { error.help("write `{{` for a brace in a text") } else { error }
    }

    /// A name was expected here.
    pub(super) fn name_missing(&self, role: &str) -> Box<SyntaxError> {
        let title = format!("{role} is expected");
        let Token { kind, at } = self.token;
        match kind {
            TokenKind::End => SyntaxError::new(at, title, "nothing is here").cut(),
            TokenKind::Keyword(word) => SyntaxError::new(at, title, format!("`{word}` is a keyword, not a name")),
            TokenKind::Symbol("*" | "**") => {
                SyntaxError::new(at, title, "expected a name").help("a task takes a fixed number of parameters")
            }
            _ => SyntaxError::new(at, title, format!("found `{}`", self.text(at))),
        }
    }

    /// `a if test` without `else`.
    pub(super) fn else_missing(&self) -> Box<SyntaxError> {
        if self.token.kind != TokenKind::End && !self.at_closer() {
            return self.unexpected();
        }
        SyntaxError::new(self.token.at, "a choice without `else`", "expected `else` and a value")
            .help("a choice is written `a if test else b`")
    }

    /// `for x` without `in`.
    pub(super) fn in_missing(&self) -> Box<SyntaxError> {
        if self.token.kind == TokenKind::Name && misspelt_operator(self.text(self.token.at)).is_some() {
            return self.unexpected_name();
        }
        SyntaxError::new(self.token.at, "a loop without `in`", "expected `in` and what to go over")
            .help("write `x in xs`, or `x, y in pairs`")
    }

    /// `{a` without a colon: a set, or an entry that is not finished.
    pub(super) fn colon_missing(&self) -> Box<SyntaxError> {
        match self.word() {
            Some("," | "}" | "for") => {
                let opening = self.open.last().map_or(self.token.at, |(_, at)| *at);
                SyntaxError::new(opening, "there are no sets in this language", "neither `{a, b}` nor `{x for ..}`")
                    .help("write a list `[a, b]`, or a dict `{key: value}`")
            }
            _ => self.unexpected(),
        }
    }

    /// `a == not b`.
    pub(super) fn not_needs_brackets(&self) -> Box<SyntaxError> {
        SyntaxError::new(self.token.at, "`not` binds less tightly than the operator before it", "needs brackets here")
            .help("write `(not x)`")
    }
}
