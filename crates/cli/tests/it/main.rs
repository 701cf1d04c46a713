//! The command line and the scenarios from outside: against the document's listings, against CPython, and against
//! themselves.

mod asyncio;
mod bad_input;
mod callbacks;
mod command_line;
mod cpython_tests;
mod determinism;
mod documentation;
mod documents;
mod expressions;
mod oracle;
mod order;
mod properties;
mod support;
mod tidy;
