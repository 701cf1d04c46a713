//! The lines of the program as they are written, and what they turn out to need.

use std::collections::{BTreeMap, BTreeSet};

use super::layout;
use super::names::Names;
use super::plural::Plural;
use super::prelude::Helper;
use crate::lang::SyntaxError;
use crate::problem::Problem;
use crate::run::Setting;
use crate::source::Scalar;
use crate::spec::Step;

/// Writes one program.
pub(super) struct Writer<'a> {
    pub(super) names: &'a Names,
    pub(super) setting: &'a Setting,
    /// The shared variables.
    pub(super) shared: BTreeSet<&'a str>,
    /// Whether some step changes a list or a dict in place, so that a loop over a view of one might see it.
    pub(super) changes_in_place: bool,
    /// The modules that the lines use, and the helpers.
    pub(super) modules: BTreeSet<&'static str>,
    pub(super) helpers: BTreeSet<Helper>,
    pub(super) draws: Draws,
    pub(super) problems: Vec<Problem>,
    /// What is known of the variables of the task that is being written.
    pub(super) plurals: BTreeMap<String, Plural>,
    pub(super) function: Function,
    /// Variables of the module that are hidden by the parameters of the function, and yet meant.
    pub(super) hidden: BTreeSet<String>,
    /// Its parameters, and the variables that it assigns.
    pub(super) locals: BTreeSet<String>,
    /// How often it asks for the running loop.
    pub(super) loop_uses: usize,
    /// The variable that holds the running loop.
    pub(super) loop_name: Option<String>,
    /// The steps of the task.
    pub(super) body: &'a [Step],
    /// The release of Python that the lines need.
    pub(super) release: Release,
    /// The scalar whose expression is being written, for the places of problems.
    pub(super) scalar: Option<&'a Scalar>,
    lines: String,
    depth: usize,
}

/// Whether the program draws random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Draws {
    Nothing,
    Numbers,
}

/// The first release of Python that has all that the program needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Release {
    Python311,
    /// A queue can be shut down.
    Python313,
}

impl Release {
    pub(super) fn name(self) -> &'static str {
        match self {
            Release::Python311 => "3.11",
            Release::Python313 => "3.13",
        }
    }
}

/// What kind of function the lines stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    /// A coroutine, or the module itself.
    Plain,
    /// An async generator, which cannot return a value.
    Generator,
}

impl<'a> Writer<'a> {
    pub(super) fn new(names: &'a Names, setting: &'a Setting, shared: BTreeSet<&'a str>) -> Writer<'a> {
        Writer {
            names,
            setting,
            shared,
            changes_in_place: false,
            modules: BTreeSet::new(),
            helpers: BTreeSet::new(),
            draws: Draws::Nothing,
            problems: Vec::new(),
            plurals: BTreeMap::new(),
            function: Function::Plain,
            hidden: BTreeSet::new(),
            locals: BTreeSet::new(),
            loop_uses: 0,
            loop_name: None,
            body: &[],
            release: Release::Python311,
            scalar: None,
            lines: String::new(),
            depth: 0,
        }
    }

    pub(super) fn line(&mut self, line: &str) {
        if line.is_empty() {
            self.lines.push('\n');
        } else {
            for line in layout::lines(line, 4 * self.depth) {
                self.lines.push_str(&line);
                self.lines.push('\n');
            }
        }
    }

    /// Lines one level further in.
    pub(super) fn inside(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// Writes lines, and once more with a variable for the running loop if they ask for it more than once.
    pub(super) fn with_loop(&mut self, write: impl Fn(&mut Self)) {
        let begin = self.lines.len();
        self.loop_uses = 0;
        write(self);
        if self.loop_uses > 1 {
            self.lines.truncate(begin);
            let name = self.names.fresh("loop");
            self.line(&format!("{name} = asyncio.get_running_loop()"));
            self.loop_name = Some(name);
            write(self);
            self.loop_name = None;
        }
    }

    /// The lines so far; the next ones begin anew.
    pub(super) fn take_lines(&mut self) -> String {
        std::mem::take(&mut self.lines)
    }

    /// Reads a scalar. The check has read it before, so that it can be read.
    pub(super) fn parse<T>(
        &mut self,
        scalar: &'a Scalar,
        parser: impl FnOnce(&str) -> Result<T, SyntaxError>,
    ) -> Option<T> {
        self.scalar = Some(scalar);
        let failed = |error: SyntaxError| Problem::new(scalar.span, error.title, error.label);
        parser(&scalar.value).map_err(|error| self.problems.push(failed(error))).ok()
    }
}
