//! The lines of a file that a message shows, made safe and short.

use std::ops::Range;

use super::LineIndex;

/// A line longer than this many bytes is shortened to what surrounds the place.
const LONG_LINE: usize = 600;

/// How much of a shortened line stays on either side of the place, in bytes.
const SURROUNDINGS: usize = 200;

/// A few lines of the source.
pub(super) struct Excerpt {
    /// The lines, without characters that a terminal would obey.
    pub(super) text: String,
    /// The number of the first one, from 1.
    pub(super) first_line: usize,
    /// Whether the line was cut on either side.
    pub(super) shortened: bool,
    /// The byte of the source at which the lines begin.
    start: usize,
}

impl Excerpt {
    /// The lines of one place, or of two and what lies between.
    pub(super) fn around(
        source: &str,
        index: &LineIndex<'_>,
        main: (usize, usize),
        other: Option<(usize, usize)>,
    ) -> Excerpt {
        let first = index.line_of(other.map_or(main.0, |other| other.0.min(main.0)));
        let last = index.line_of(other.map_or(main.1, |other| other.1.max(main.1)));
        let (mut start, mut end) = (index.start_of(first), index.end_of(last));
        // A byte order mark takes no column.
        if source[start..].starts_with('\u{feff}') && main.0 > start {
            start += '\u{feff}'.len_utf8();
        }
        let longest = (first..=last).map(|line| index.end_of(line) - index.start_of(line));
        let shortened = longest.max().unwrap_or(0) > LONG_LINE;
        if shortened {
            start = boundary(source, start.max(main.0.saturating_sub(SURROUNDINGS)));
            end = boundary(source, end.min(main.0.saturating_add(SURROUNDINGS)));
        }
        let first_line = index.line_of(start) + 1;
        Excerpt { text: harmless(&source[start..end.max(start)]), first_line, shortened, start }
    }

    /// A place of the source, as a range of the excerpt.
    pub(super) fn shift(&self, at: (usize, usize)) -> Range<usize> {
        let within = |offset: usize| {
            let offset = offset.saturating_sub(self.start).min(self.text.len());
            boundary(&self.text, offset)
        };
        within(at.0)..within(at.1).max(within(at.0))
    }
}

/// The nearest place at or before `offset` that is not within a character.
fn boundary(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The text with every C1 control character (8-bit escape sequences) replaced by a character of as many bytes, so that
/// places keep their meaning. annotate-snippets replaces the C0 ones and the bidirectional ones itself.
fn harmless(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{80}'..='\u{9f}' => '\u{b7}',
            _ => character,
        })
        .collect()
}

/// A message's text on one line: control characters are written as escapes, and a long text is cut.
pub(super) fn clean(text: &str) -> String {
    let mut clean = String::new();
    for (number, character) in text.chars().enumerate() {
        if number == LONG_LINE {
            clean.push_str(" ...");
            break;
        }
        match character {
            // The bidirectional controls reorder what stands around them.
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                clean.extend(character.escape_unicode());
            }
            _ if character.is_control() => clean.extend(character.escape_default()),
            _ => clean.push(character),
        }
    }
    clean
}
