//! The command line and the scenarios from outside: against the document's listings, against CPython, and against
//! themselves.

mod documents;
mod support;
