//! What is wrong with a text that is not YAML, or not the part of YAML that a scenario may use: our own words for it.

use serde_saphyr::granit_parser::{ErrorKind, ScanError};

use super::indentation;
use super::scan::offset;
use crate::problem::Problem;
use crate::quote;
use crate::source::{Scalar, Span};

/// What to say: the title, the label, the help.
struct Wording(&'static str, &'static str, Help);

/// What a message advises.
enum Help {
    None,
    Say(&'static str),
    /// To quote the value on the line, which is shown quoted.
    Quote,
}

/// What the parser could not read.
pub(super) fn problem(error: &ScanError, source: &str) -> Problem {
    let span = place(error, source);
    let patch = quote::line_value(source, span.start as usize);
    // Quotes mend a value, not what stands before it: there the line itself is in the wrong place.
    let patch = patch.filter(|(value, _)| value.start <= span.start);
    if matches!(error.kind(), ErrorKind::MappingValueNotAllowed) && patch.is_none() {
        return Problem::new(span, "a key where none can stand", "what stands before it has its value already")
            .help(COLUMN_HELP);
    }
    if let ErrorKind::ExpectedBlockSequenceEntry = error.kind() {
        return indentation::advise(Problem::new(span, APART_LIST, "expected `- ` here"), source);
    }
    if matches!(error.kind(), ErrorKind::ExpectedBlockMappingKey) && indentation::begins_item(source, span) {
        return indentation::advise(Problem::new(span, APART, APART_LABEL), source);
    }
    let Wording(title, label, help) = match (error.kind(), &patch) {
        (ErrorKind::ExpectedBlockMappingKey, None) => Wording(APART, APART_LABEL, Help::Say(COLUMN_HELP)),
        (kind, _) => wording(kind),
    };
    let problem = Problem::new(span, title, label);
    match help {
        Help::None => problem,
        Help::Say(help) => problem.help(help),
        Help::Quote => {
            let help = match patch {
                Some(_) => "put the whole value in quotes",
                None => "a text, or an expression with such characters, goes in quotes",
            };
            problem.help(help).patch(patch)
        }
    }
}

/// The place of an error, one character wide.
fn place(error: &ScanError, source: &str) -> Span {
    let found = source.char_indices().nth(error.marker().index());
    // Of a tab the parser may tell the place behind it, or the end of the line before.
    let tab = match (wording(error.kind()).0, found) {
        (TAB, Some((at, character))) if character != '\t' => match source[..at].ends_with('\t') {
            true => Some((at - 1, '\t')),
            false => source[at..].find('\t').map(|more| (at + more, '\t')),
        },
        _ => None,
    };
    let (start, width) = match tab.or(found) {
        Some((at, '\n' | '\r')) => (at, 0),
        Some((at, character)) => (at, character.len_utf8()),
        None => (source.trim_end().len(), 0),
    };
    Span { start: offset(start), end: offset(start + width) }
}

/// The parser's errors in our words; rare ones share a sentence.
fn wording(kind: &ErrorKind) -> Wording {
    use ErrorKind as E;
    match kind {
        E::MappingValueNotAllowed | E::MappingKeyNotAllowed | E::InvalidColonPlacement => {
            Wording("a second `: ` in one value", "YAML takes this for another key", Help::Quote)
        }
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabInIndentation
        | E::TabInPlainScalar
        | E::TabAtBlockScalarStart => Wording(TAB, TAB_LABEL, Help::Say(TAB_HELP)),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
            Wording("something behind a closing quote", "the value ended before this", Help::Quote)
        }
        E::UnclosedQuotedScalar => Wording("this quote is never closed", "opened here", Help::None),
        E::DocumentIndicatorInQuotedScalar => {
            Wording("a quote is not closed before the document ends", "the document ends here", Help::None)
        }
        E::UnclosedFlowCollection { .. } => Wording("this bracket is never closed", "opened here", Help::None),
        E::MismatchedFlowCollectionEnd { .. } => {
            Wording("the brackets do not match", "another kind of bracket was opened", Help::Quote)
        }
        E::MisplacedFlowCollectionEnd => {
            Wording("a bracket closes nothing", "no list or mapping is open here", Help::Quote)
        }
        E::SimpleKeyExpected | E::InvalidSimpleKey => {
            Wording("a line without a key", "expected `key: value` here", Help::Say(LINE_HELP))
        }
        E::BlockSequenceEntryNotAllowed | E::BlockEntryInFlowCollection => {
            Wording("a list begins in the middle of a line", "expected each `- ` on a line of its own", Help::Quote)
        }
        E::UnexpectedCharacter { .. }
        | E::PlainScalarStartsWithDashFlowIndicator
        | E::UnexpectedEofBlockMapping
        | E::UnexpectedEofBlockSequence => {
            Wording("no value can begin with this character", "YAML keeps it for itself", Help::Quote)
        }
        E::UnknownAnchor | E::MissingAnchorOrAliasName => {
            Wording("YAML takes this for an alias", "nothing has been given such a name with `&`", Help::Quote)
        }
        E::ExpectedBlockMappingKey => Wording(APART, APART_LABEL, Help::Quote),
        E::ExpectedDocumentStart | E::InvalidDocumentEnd => Wording(
            "this does not belong to what stands before it",
            "expected the file to end here",
            Help::Say("begin all keys of the top level in the same column"),
        ),
        _ => rare(kind),
    }
}

fn rare(kind: &ErrorKind) -> Wording {
    use ErrorKind as E;
    match kind {
        E::UnknownQuotedScalarEscape => Wording(
            "an unknown escape in a quoted text",
            "in this text",
            Help::Say("write `\\\\` for a backslash, or use single quotes"),
        ),
        E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => Wording(
            "a broken escape in a quoted text",
            "in this text",
            Help::Say("`\\x41`, `\\u00e9` and `\\U0001f600` take exactly so many digits"),
        ),
        E::ExpectedFlowMappingSeparator
        | E::ExpectedFlowSequenceSeparator
        | E::FlowMappingValueAdjacentCollection
        | E::ExpectedNodeContent
        | E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping => Wording(
            "a list or mapping in brackets breaks off",
            "expected `,` or the closing bracket",
            Help::Say("within brackets an expression such as `xs[0]` or `f(a, b)` goes in quotes"),
        ),
        E::InvalidIndentation
        | E::InvalidQuotedScalarIndent
        | E::InvalidFlowScalarIndent
        | E::InvalidBlockScalarIndent => {
            Wording("this line is indented wrongly", "it belongs to nothing above", Help::None)
        }
        E::ZeroBlockScalarIndent | E::InvalidBlockScalarHeader => {
            Wording("a block text begins wrongly", "expected a line break behind `|` or `>`", Help::Quote)
        }
        E::RecursionLimitExceeded => Wording(DEEP, "no deeper than this", Help::None),
        E::DirectiveDisallowed => {
            Wording("YAML takes this line for a directive", "a directive has no meaning here", Help::None)
        }
        E::CommentNotSeparated | E::CommentInterceptedScalar => {
            Wording("a comment in the middle of a value", "YAML takes this for a comment", Help::Quote)
        }
        E::UndeclaredTagHandle | E::ExpectedTagBang | E::InvalidTagTerminator | E::MissingTagUri => {
            Wording("YAML takes this for a tag", TAG_LABEL, Help::Quote)
        }
        E::BomInsideDocument => Wording("a byte order mark within the file", "this character is invisible", Help::None),
        _ => Wording("this is not YAML", "it cannot be read on from here", Help::Quote),
    }
}

const LINE_HELP: &str = "a key ends in `: `, an item of a list begins with `- `, blanks included";
const COLUMN_HELP: &str = "begin the keys of one mapping in the same column";
const APART_LIST: &str = "this does not continue the list before it";
const APART: &str = "this does not continue what stands before it";
const APART_LABEL: &str = "expected the next key here";
const TAB: &str = "a tab where YAML wants spaces";
const TAB_LABEL: &str = "this is a tab";
const TAB_HELP: &str = "indent with spaces";
const DEEP: &str = "lists and mappings are nested too deeply";
const TAG_LABEL: &str = "a tag has no meaning here";

/// A tab as indentation.
pub(super) fn tab(span: Span) -> Problem {
    Problem::new(span, TAB, TAB_LABEL).help(TAB_HELP)
}

/// More levels than the limit.
pub(super) fn too_deep(span: Span, limit: usize) -> Problem {
    Problem::new(span, DEEP, format!("{limit} levels are allowed"))
}

/// More values than the limit.
pub(super) fn too_many(span: Span) -> Problem {
    Problem::new(span, "the file has too many values", "this one is beyond the limit")
}

/// More repetitions than the limit.
pub(super) fn repeats_too_much(span: Span) -> Problem {
    Problem::new(span, "anchors and aliases repeat too much", "this one is beyond the limit")
}

/// An alias to what is not complete.
pub(super) fn within_itself(span: Span) -> Problem {
    Problem::new(span, "an alias within its own anchor", "this would contain itself for ever")
}

/// A second document.
pub(super) fn two_documents(span: Span) -> Problem {
    Problem::new(span, "the file holds two documents", "the second begins here")
        .help("a scenario is one document: remove the `---`, or use two files")
}

/// A key that is no scalar, or missing.
pub(super) fn no_key(span: Span, found: &str) -> Problem {
    let title = format!("expected a key, found {found}");
    Problem::new(span, title, "a key is a name or a text, with `: ` behind it")
        .help("a text or an expression that begins with `{` or `[` needs quotes around it")
}

/// A key that its mapping has already.
pub(super) fn given_twice(key: &Scalar, first: Span) -> Problem {
    Problem::new(key.span, format!("the key `{}` is given twice", key.value), "given again here")
        .related(first, "first given here")
        .help("keep one of the two")
}

/// A tag: nothing in a scenario has one, but a negation in the manner of other languages looks like one.
pub(super) fn tagged(span: Span, written: &str) -> Problem {
    let problem = Problem::new(span, format!("YAML takes `{written}` for a tag"), TAG_LABEL);
    let name = written.strip_prefix('!').unwrap_or("");
    if !name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '(')) {
        return problem.help("put the text in quotes, or leave the tag out");
    }
    let bang = Span { start: span.start, end: span.start + 1 };
    problem
        .help("a negation is written `not`, as in Python; a text goes in quotes")
        .patch(Some((bang, "not ".to_owned())))
}
