//! Lines of a list in the wrong column: where they would be right.

use super::scan::offset;
use crate::problem::Problem;
use crate::quote;
use crate::source::Span;

/// Whether a place is the beginning of an item of a list, or what follows its `- `.
pub(super) fn begins_item(source: &str, at: Span) -> bool {
    let at = at.start as usize;
    let begins = |start| source.get(start..at).is_some_and(|text: &str| text.trim_matches([' ', '-']).is_empty());
    Line::around(source, at).is_some_and(|(start, line)| line.is_item() && begins(start))
}

/// Adds what to do about a line that is in the way of a list: an item that begins in another column or stands where a
/// key should, or a key that does not stand under those of the item above.
pub(super) fn advise(problem: Problem, source: &str) -> Problem {
    let Some((start, line)) = Line::around(source, problem.span.start as usize) else { return problem };
    let mut above = source[..start].lines().rev().filter_map(Line::of).filter(Line::is_item);
    let item = above.find(|item| item.indent <= line.indent);
    match (line.is_item(), item.and_then(Line::key)) {
        (true, Some((column, _))) if column <= line.indent => problem.help(UNDER_KEY),
        (true, None) => problem.help(UNDER_KEY),
        (true, Some(_)) => {
            let column = item.map_or(0, |item| item.indent);
            problem.help("begin each `- ` of one list in the same column").patch(Some(line.moved(start, column)))
        }
        (false, Some((column, key))) => match line.key() {
            Some((_, own)) => {
                let help =
                    format!("begin `{own}` under `{key}` if it belongs to it; an item of its own begins with `- `");
                problem.help(help).patch(Some(line.moved(start, column)))
            }
            None => problem.help(DASH),
        },
        (false, None) => problem.help(DASH),
    }
}

const UNDER_KEY: &str = "a list stands under a key of its own: steps within a step under `do:`";
const DASH: &str = "each item of a list begins with `- `";

/// A line of a block.
#[derive(Clone, Copy)]
struct Line<'s> {
    indent: usize,
    text: &'s str,
}

impl<'s> Line<'s> {
    fn of(line: &'s str) -> Option<Line<'s>> {
        let text = line.trim_start_matches(' ');
        (!text.is_empty()).then_some(Line { indent: line.len() - text.len(), text })
    }

    /// The line that holds a byte, and where it starts.
    fn around(source: &'s str, at: usize) -> Option<(usize, Line<'s>)> {
        let start = source.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        Some((start, Line::of(quote::line_from(source, start)?)?))
    }

    fn is_item(&self) -> bool {
        self.text == "-" || self.text.starts_with("- ")
    }

    /// Its first key, and the column where that begins.
    fn key(self) -> Option<(usize, &'s str)> {
        let key = self.text.trim_start_matches(['-', ' ']);
        let column = self.indent + self.text.len() - key.len();
        let (key, _) = key.split_once(':')?;
        (key.len() < 40).then_some((column, key))
    }

    /// The change that makes a line, which starts at this byte, begin in another column.
    fn moved(self, start: usize, column: usize) -> (Span, String) {
        let surplus = self.indent.saturating_sub(column);
        let span = Span { start: offset(start), end: offset(start + surplus) };
        (span, " ".repeat(column.saturating_sub(self.indent)))
    }
}
