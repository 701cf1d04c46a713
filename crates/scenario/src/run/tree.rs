//! What an exception group holds, as the failure report shows it.

use std::rc::Rc;

use crate::machine::outcome::describe;
use crate::value::Exception;

/// How many exceptions are told.
const TOLD: usize = 20;

/// A line for each exception of a group, those of an inner group indented below it; `None` for any other exception.
pub(super) fn tree(exception: &Exception) -> Option<String> {
    // A list of work instead of recursion: groups may hold groups as deep as tasks start tasks.
    let mut work: Vec<(usize, Rc<Exception>)> = members(exception, 1);
    if work.is_empty() {
        return None;
    }
    let mut text = String::from("the group holds");
    for _ in 0..TOLD {
        let Some((depth, member)) = work.pop() else { return Some(text) };
        let indent = "  ".repeat(depth.min(TOLD));
        let line = member.place.get().map_or_else(String::new, |line| format!(" (line {line})"));
        // A message is one line of the tree, whatever it is made of.
        let message = describe(&member).replace('\r', "\\r").replace('\n', "\\n");
        text.push_str(&format!("\n{indent}{message}{line}"));
        work.extend(members(&member, depth + 1));
    }
    if !work.is_empty() {
        text.push_str("\n  and more");
    }
    Some(text)
}

/// The exceptions of a group, the last one first.
fn members(exception: &Exception, depth: usize) -> Vec<(usize, Rc<Exception>)> {
    exception.exceptions().into_iter().rev().map(|member| (depth, member)).collect()
}
