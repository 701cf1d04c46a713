//! From the parser's events to nodes, without recursion: the depth of a document costs no stack.

use std::collections::BTreeMap;

use serde_saphyr::granit_parser::{self, Event, Parser, ScalarStyle, StructureStyle, Tag};

use super::node::{Entry, Kind, Node, Resolved};
use super::origin::{Notation, trace};
use super::resolve::resolve;
use super::scan::offset;
use super::{Limits, syntax};
use crate::problem::Problem;
use crate::source::{Scalar, Span, Style};

/// Reads the one document of a text; `None` when it has none.
pub(super) fn read(source: &str, limits: &Limits) -> Result<Option<Node>, Problem> {
    let mut options = granit_parser::Options::default();
    options.disallow_directives = true;
    options.emit_comments = false;
    let mut reader = Reader::new(source, limits);
    for event in Parser::new_from_str_with_options(source, options) {
        let (event, place) = event.map_err(|error| syntax::problem(&error, source))?;
        reader.event(event, &place)?;
    }
    Ok(reader.root)
}

struct Reader<'a> {
    source: &'a str,
    limits: &'a Limits,
    /// The lists and mappings that are open, from the outside in.
    open: Vec<Open>,
    /// The nodes that have been given a name, with their sizes, by the parser's number for it.
    anchors: BTreeMap<usize, (Node, Size)>,
    /// The document, once it is complete.
    root: Option<Node>,
    /// How many documents have begun.
    documents: usize,
    nodes: usize,
    copied: Size,
}

/// A list or mapping whose end has not come yet.
struct Open {
    start: u32,
    flow: bool,
    anchor: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<Entry>,
        /// The key whose value comes next.
        key: Option<Scalar>,
        /// Every key with its first place.
        seen: BTreeMap<String, Span>,
    },
}

/// What a node amounts to.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, limits: &'a Limits) -> Reader<'a> {
        Reader {
            source,
            limits,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            root: None,
            documents: 0,
            nodes: 0,
            copied: Size::default(),
        }
    }

    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) -> Result<(), Problem> {
        let span = self.span(place);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(syntax::two_documents(span));
                }
                Ok(())
            }
            Event::Scalar(value, style, anchor, tag) => {
                self.untagged(tag.as_deref(), place, span)?;
                let (scalar, resolved) = self.scalar(&value, style, span);
                self.complete(Kind::Scalar(scalar, resolved), span, anchor)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.untagged(tag.as_deref(), place, span)?;
                self.begin(style, anchor, span, Content::Sequence(Vec::new()))
            }
            Event::MappingStart(style, anchor, tag) => {
                self.untagged(tag.as_deref(), place, span)?;
                let (entries, key, seen) = (Vec::new(), None, BTreeMap::new());
                self.begin(style, anchor, span, Content::Mapping { entries, key, seen })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            _ => Ok(()),
        }
    }

    /// A list or mapping begins.
    fn begin(&mut self, style: StructureStyle, anchor: usize, span: Span, content: Content) -> Result<(), Problem> {
        self.count(span)?;
        if self.open.len() >= self.limits.depth {
            return Err(syntax::too_deep(span, self.limits.depth));
        }
        let flow = style == StructureStyle::Flow;
        self.open.push(Open { start: span.start, flow, anchor, content });
        Ok(())
    }

    /// The innermost list or mapping ends.
    fn end(&mut self, closing: Span) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (kind, last) = match open.content {
            Content::Sequence(items) => {
                let last = items.last().map(|item| item.span.end);
                (Kind::Sequence(items), last)
            }
            Content::Mapping { entries, .. } => {
                let last = entries.last().map(|entry| entry.value.span.end.max(entry.key.span.end));
                (Kind::Mapping(entries), last)
            }
        };
        // A block ends where its last value does; the parser puts its end where the next thing begins.
        let end = if open.flow { closing.end } else { last.unwrap_or(open.start) };
        let span = Span { start: open.start, end: end.max(open.start) };
        self.deliver(Node { span, kind }, open.anchor)
    }

    fn complete(&mut self, kind: Kind, span: Span, anchor: usize) -> Result<(), Problem> {
        self.count(span)?;
        self.deliver(Node { span, kind }, anchor)
    }

    /// Puts a complete node where it belongs.
    fn deliver(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        if anchor > 0 {
            let size = size(&node);
            self.copy(size, node.span)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping { entries, key, .. }) => match key.take() {
                Some(key) => entries.push(Entry { key, value: node }),
                None => return self.key(node),
            },
        }
        Ok(())
    }

    /// A key of the innermost mapping.
    fn key(&mut self, node: Node) -> Result<(), Problem> {
        let found = node.describe();
        let name = match node.kind {
            Kind::Scalar(name, resolved) if resolved != Resolved::Null || !name.value.is_empty() => name,
            _ => return Err(syntax::no_key(node.span, found)),
        };
        let block = self.open.last().is_some_and(|open| !open.flow);
        if block {
            self.no_tab_before(name.span)?;
        }
        if let Some(Content::Mapping { key, seen, .. }) = self.open.last_mut().map(|open| &mut open.content) {
            if let Some(&first) = seen.get(&name.value) {
                return Err(syntax::given_twice(&name, first));
            }
            seen.insert(name.value.clone(), name.span);
            *key = Some(name);
        }
        Ok(())
    }

    /// A named node stands here again. Its places stay those where it was written: there it can be mended.
    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Problem> {
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(syntax::within_itself(span));
        };
        let (node, size) = (node.clone(), *size);
        if self.open.len() + size.depth > self.limits.depth {
            return Err(syntax::too_deep(span, self.limits.depth));
        }
        self.copy(size, span)?;
        self.deliver(node, 0)
    }

    /// Counts a node against the limit.
    fn count(&mut self, span: Span) -> Result<(), Problem> {
        self.nodes += 1;
        match self.nodes > self.limits.nodes {
            true => Err(syntax::too_many(span)),
            false => Ok(()),
        }
    }

    /// Counts a copy, made for an anchor or an alias, against the limits.
    fn copy(&mut self, size: Size, span: Span) -> Result<(), Problem> {
        self.copied.nodes = self.copied.nodes.saturating_add(size.nodes);
        self.copied.bytes = self.copied.bytes.saturating_add(size.bytes);
        match self.copied.nodes > self.limits.alias_nodes || self.copied.bytes > self.limits.bytes {
            true => Err(syntax::repeats_too_much(span)),
            false => Ok(()),
        }
    }

    fn scalar(&self, value: &str, style: ScalarStyle, span: Span) -> (Scalar, Resolved) {
        let written = self.slice(span);
        // Nothing at all, which the parser may call `~`.
        let value = if style == ScalarStyle::Plain && written.is_empty() { "" } else { value };
        let (style, notation) = match style {
            ScalarStyle::Plain => (Style::Plain, Notation::Plain),
            ScalarStyle::SingleQuoted => (Style::Quoted, Notation::SingleQuoted),
            ScalarStyle::DoubleQuoted => (Style::Quoted, Notation::DoubleQuoted),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let indent = span.start - self.line_start(span.start);
                (Style::Block, Notation::Block(indent as usize))
            }
        };
        let origin = trace(value, written, span.start, notation);
        let resolved = if style == Style::Plain { resolve(value) } else { Resolved::Text };
        (Scalar { value: value.to_owned(), span, style, origin }, resolved)
    }

    /// YAML forbids tabs as indentation; the parser lets one pass before the first key.
    fn no_tab_before(&self, key: Span) -> Result<(), Problem> {
        let start = self.line_start(key.start);
        let before = self.slice(Span { start, end: key.start });
        match before.bytes().position(|byte| byte == b'\t') {
            Some(at) if before.trim().is_empty() => {
                let start = start + offset(at);
                Err(syntax::tab(Span { start, end: start + 1 }))
            }
            _ => Ok(()),
        }
    }

    fn untagged(&self, tag: Option<&Tag>, place: &granit_parser::Span, node: Span) -> Result<(), Problem> {
        if tag.is_none() {
            return Ok(());
        }
        let span = place.tag_span().map_or(node, |place| self.span(&place));
        Err(syntax::tagged(span, self.slice(span)))
    }

    /// A place of the parser's, in bytes.
    fn span(&self, place: &granit_parser::Span) -> Span {
        // The parser always tells bytes for a text in memory.
        let bytes = place.byte_range().unwrap_or(0..0);
        let end = bytes.end.min(self.source.len());
        Span { start: offset(bytes.start.min(end)), end: offset(end) }
    }

    fn slice(&self, span: Span) -> &'a str {
        self.source.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The first byte of the line that holds a byte, a byte order mark not counted.
    fn line_start(&self, at: u32) -> u32 {
        let before = self.source.get(..at as usize).unwrap_or("");
        let mark = if before.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        offset(before.rfind('\n').map_or(mark, |at| at + 1))
    }
}

/// What a node amounts to; the recursion is as deep as the limit under which it was read.
fn size(node: &Node) -> Size {
    let within = |sizes: &mut dyn Iterator<Item = Size>| {
        sizes.fold(Size { nodes: 1, bytes: 0, depth: 0 }, |all, one| Size {
            nodes: all.nodes + one.nodes,
            bytes: all.bytes + one.bytes,
            depth: all.depth.max(one.depth),
        })
    };
    let inner = match &node.kind {
        Kind::Scalar(scalar, _) => return Size { nodes: 1, bytes: scalar.value.len(), depth: 0 },
        Kind::Sequence(items) => within(&mut items.iter().map(size)),
        Kind::Mapping(entries) => within(&mut entries.iter().map(|entry| {
            let value = size(&entry.value);
            Size { nodes: value.nodes + 1, bytes: value.bytes + entry.key.value.len(), ..value }
        })),
    };
    Size { depth: inner.depth + 1, ..inner }
}
