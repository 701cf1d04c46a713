//! What one operation may make: enough for any program, too little to exhaust the machine that runs it.

use super::Result;
use super::error::memory_error;

/// The longest text that an operation makes, in bytes.
pub(crate) const TEXT_BYTES: usize = 64 << 20;

/// The most elements that an operation visits or makes.
pub(crate) const ELEMENTS: usize = 10_000_000;

/// How deep values may be nested to be compared, shown or hashed.
pub(crate) const DEPTH: usize = 200;

/// The widest field and the greatest precision of a format specification.
pub(crate) const FORMAT_SIZE: usize = 100_000;

/// Refuses a text of so many bytes where it is longer than [`TEXT_BYTES`]; `None` stands for a length beyond `usize`.
#[inline]
pub(crate) fn check_text(bytes: Option<usize>) -> Result<()> {
    match bytes {
        Some(bytes) if bytes <= TEXT_BYTES => Ok(()),
        _ => Err(memory_error(format!("the text would be longer than {} MiB", TEXT_BYTES >> 20))),
    }
}

/// Refuses a number of elements beyond [`ELEMENTS`]; `None` stands for a number beyond `usize`.
#[inline]
pub(crate) fn check_elements(count: Option<usize>) -> Result<()> {
    match count {
        Some(count) if count <= ELEMENTS => Ok(()),
        _ => Err(memory_error(format!("one operation on more than {ELEMENTS} elements"))),
    }
}
