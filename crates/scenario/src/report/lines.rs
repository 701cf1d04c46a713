//! From bytes to lines and columns.

/// Where each line of a text begins, so that many places can be told cheaply.
#[derive(Clone, Debug)]
pub(crate) struct LineIndex<'a> {
    source: &'a str,
    starts: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    /// Reads the text once.
    pub(crate) fn new(source: &'a str) -> LineIndex<'a> {
        let breaks = source.bytes().enumerate().filter(|&(_, b)| b == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        LineIndex { source, starts }
    }

    /// The line and the column of a byte, both from 1; columns count characters, a byte order mark not among them.
    ///
    /// A place beyond the end counts as the end, one within a character as that character.
    pub(crate) fn line_column(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.source.len());
        let line = self.line_of(offset);
        let start = self.start_of(line);
        let before = self.source.as_bytes().get(start..offset).unwrap_or(&[]);
        // Every character has one byte that does not continue another.
        let mut column = before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        if offset < self.source.len() && !self.source.is_char_boundary(offset) {
            column -= 1;
        }
        if line == 0 && self.source.starts_with('\u{feff}') && column > 0 {
            column -= 1;
        }
        (count(line + 1), count(column + 1))
    }

    /// The number (from 0) of the line that holds a byte.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// The first byte of a line (from 0); the end of the text for a line that it does not have.
    pub(super) fn start_of(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.source.len())
    }

    /// The byte after the last one of a line, its line break not included.
    pub(super) fn end_of(&self, line: usize) -> usize {
        let next = self.start_of(line + 1);
        let text = self.source.get(self.start_of(line)..next).unwrap_or("");
        next - (text.len() - text.trim_end_matches(['\n', '\r']).len())
    }
}

/// The line and the column of one byte, as [`LineIndex::line_column`] tells them; an index serves many better.
pub(crate) fn line_column(source: &str, offset: usize) -> (u32, u32) {
    LineIndex::new(source).line_column(offset)
}

/// A line or column for people: files are bounded far below this.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, offset: usize, expected: (u32, u32)) {
        assert_eq!(line_column(source, offset), expected, "{source:?} at {offset}");
    }

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        check("", 0, (1, 1));
        check("ab", 1, (1, 2));
        check("ab", 9, (1, 3));
        check("ab\ncd", 2, (1, 3));
        check("ab\ncd", 3, (2, 1));
        check("ab\n", 3, (2, 1));
        check("é\r\nßx", 4, (2, 1));
        check("é\r\nßx", 6, (2, 2));
        // Within a character: that character.
        check("aé", 2, (1, 2));
        check("\u{feff}ab", 0, (1, 1));
        check("\u{feff}ab", 3, (1, 1));
        check("\u{feff}ab", 4, (1, 2));
    }
}
