//! Problems as text for people: the place, the source line with a caret, and what would mend it.
//!
//! annotate-snippets draws; this module decides what it gets to see. It never gets a whole file (a problem costs what
//! its lines cost), never a line that would fill a screen, and never a character that a terminal would obey.

#[cfg(test)]
pub(crate) mod cases;
mod excerpt;
mod lines;
#[cfg(test)]
mod tests;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Patch, Renderer, Snippet};

use crate::problem::Problem;
use crate::source::Span;
use excerpt::{Excerpt, clean};
pub(crate) use lines::{LineIndex, line_column};

/// No more problems are shown at once: the first mended line may cure hundreds.
pub(crate) const SHOWN: usize = 50;

/// Places further apart than this many bytes are shown as two snippets.
const TOGETHER: usize = 64 * 1024;

/// With escape sequences for a terminal, or without.
///
/// ```
/// use timeskip_scenario::{load, report};
/// let source = "main:\n  - slep: 1s\n";
/// let problems = load(source).expect_err("no step is called so");
/// let colourful = |style| report::render(&problems, source, "nap.yaml", style).contains('\x1b');
/// assert!(colourful(report::Style::Colour) && !colourful(report::Style::Plain));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Text alone: for files, pipes and tests.
    #[default]
    Plain,
    /// With colours.
    Colour,
}

/// Problems as rustc would show them, one blank line between; `source` is the text that their places count in, and
/// `path` its name. The first fifty are shown, the others counted.
///
/// ```
/// use timeskip_scenario::{load, report};
/// let source = "main:\n  - slep: 1s\n";
/// let problems = load(source).expect_err("no step is called so");
/// let text = report::render(&problems, source, "nap.yaml", report::Style::Plain);
/// assert!(text.contains("nap.yaml:2:5") && text.contains("did you mean `sleep`?"), "{text}");
/// ```
pub fn render(problems: &[Problem], source: &str, path: &str, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    let index = LineIndex::new(source);
    let mut text = String::new();
    for problem in problems.iter().take(SHOWN) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&one(problem, source, path, &index, &renderer));
        text.push('\n');
    }
    let others = problems.len().saturating_sub(SHOWN);
    if others > 0 {
        text.push_str(&format!("\nand {others} more\n"));
    }
    text
}

/// One problem.
fn one(problem: &Problem, source: &str, path: &str, index: &LineIndex<'_>, renderer: &Renderer) -> String {
    let path = clean(path);
    let main = place(problem.span, source);
    let related = problem.related.as_ref().map(|(span, label)| (place(*span, source), clean(label)));
    let together = related.as_ref().and_then(|(at, label)| {
        let (first, last) = (at.0.min(main.0), at.1.max(main.1));
        if last - first > TOGETHER {
            return None;
        }
        let excerpt = Excerpt::around(source, index, main, Some(*at));
        (!excerpt.shortened).then_some((excerpt, *at, label))
    });
    let (excerpt, near) = match together {
        Some((excerpt, at, label)) => (excerpt, Some((at, label))),
        None => (Excerpt::around(source, index, main, None), None),
    };
    let label = Some(clean(&problem.label)).filter(|label| !label.is_empty());
    let mut snippet = Snippet::source(excerpt.text.as_str())
        .path(path.as_str())
        .line_start(excerpt.first_line)
        .annotation(AnnotationKind::Primary.span(excerpt.shift(main)).label(label));
    if let Some((at, label)) = near {
        snippet = snippet.annotation(AnnotationKind::Context.span(excerpt.shift(at)).label(label.as_str()));
    }
    let mut groups = vec![Level::ERROR.primary_title(clean(&problem.title)).element(snippet)];
    let far = related
        .as_ref()
        .filter(|_| near.is_none())
        .map(|(at, label)| (Excerpt::around(source, index, *at, None), *at, label));
    if let Some((excerpt, at, label)) = &far {
        let snippet = Snippet::source(excerpt.text.as_str())
            .path(path.as_str())
            .line_start(excerpt.first_line)
            .annotation(AnnotationKind::Primary.span(excerpt.shift(*at)));
        groups.push(Level::NOTE.secondary_title(label.as_str()).element(snippet));
    }
    let mended = problem.patch.as_ref().map(|(span, text)| (span_within(*span, source), clean(text)));
    let mended = mended.map(|(at, text)| (Excerpt::around(source, index, at, None), at, text));
    if let Some(group) = mend(problem, mended.as_ref()) {
        groups.push(group);
    }
    let rendered = renderer.render(&groups);
    let rendered = told(rendered, &path, index, &excerpt, main.0);
    match &far {
        Some((excerpt, at, _)) => told(rendered, &path, index, excerpt, at.0),
        None => rendered,
    }
}

/// The message with the true column of a place, where the line was shortened and hence begins elsewhere.
fn told(rendered: String, path: &str, index: &LineIndex<'_>, excerpt: &Excerpt, at: usize) -> String {
    let (line, column) = index.line_column(at);
    let (_, shown) = line_column(&excerpt.text, excerpt.shift((at, at)).start);
    if !excerpt.shortened || shown == column {
        return rendered;
    }
    rendered.replacen(&format!("{path}:{line}:{shown}"), &format!("{path}:{line}:{column}"), 1)
}

/// The help, with the mended line where there is one.
fn mend<'a>(problem: &'a Problem, mended: Option<&'a (Excerpt, (usize, usize), String)>) -> Option<Group<'a>> {
    let title = match (&problem.help, mended) {
        (Some(help), _) => help.lines().map(clean).collect::<Vec<_>>().join("\n"),
        (None, Some(_)) => "write".to_owned(),
        (None, None) => return None,
    };
    let title = Level::HELP.secondary_title(title);
    // A shortened line cannot be shown mended: its ends are missing.
    let patch = mended.filter(|(excerpt, _, _)| !excerpt.shortened).map(|(excerpt, at, text)| {
        Snippet::source(excerpt.text.as_str())
            .line_start(excerpt.first_line)
            .patch(Patch::new(excerpt.shift(*at), text.as_str()))
    });
    Some(match patch {
        Some(patch) => title.element(patch),
        None => title.elements(Vec::<Element<'a>>::new()),
    })
}

/// A place to put a caret under: within the text, on whole characters, on one line.
fn place(span: Span, source: &str) -> (usize, usize) {
    let (start, end) = span_within(span, source);
    let text = source.get(start..end).unwrap_or("");
    let first = text.lines().next().unwrap_or("").trim_end();
    (start, start + first.len())
}

/// The bytes of a span, within the text and on whole characters.
fn span_within(span: Span, source: &str) -> (usize, usize) {
    let floor = |offset: u32| {
        let offset = (offset as usize).min(source.len());
        (0..=offset).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0)
    };
    let start = floor(span.start);
    (start, floor(span.end).max(start))
}
