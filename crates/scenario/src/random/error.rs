//! What Python raises when a draw cannot be made.

use std::fmt;

use super::sequences::MAXIMUM_RESULTS;

/// Why nothing was drawn. Its text is the message of CPython 3.13.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DrawError {
    /// No number lies from `start` up to, not including, `stop`.
    EmptyRange {
        /// Where the range starts.
        start: i64,
        /// Where it stops; one more than an int holds, where `randint` was given the greatest.
        stop: i128,
        /// Its step, where it is not 1.
        step: Option<i64>,
    },
    /// `randrange` of zero or less.
    EmptyUpTo,
    /// `randrange` with a step and no stop.
    MissingStop,
    /// `randrange` with a step of zero.
    ZeroStep,
    /// `choice` of nothing.
    EmptySequence,
    /// `choices` of nothing.
    IndexOutOfRange,
    /// `choices` with more or fewer weights than items.
    WeightsMismatch,
    /// `choices` with weights that add up to nothing.
    WeightsNotPositive,
    /// `choices` with weights that add up to infinity or no number.
    WeightsNotFinite,
    /// `sample` of more than there is, or of less than nothing.
    SampleTooLarge,
    /// `expovariate` with a rate of zero.
    ZeroRate,
    /// `token_hex` of a negative number of bytes.
    NegativeLength,
    /// More results than one call may ask for. This limit is timeskip's own.
    TooManyResults {
        /// How many were asked for.
        count: i64,
    },
}

impl DrawError {
    /// The name of the exception's type.
    pub(crate) fn exception(self) -> &'static str {
        match self {
            Self::MissingStop => "TypeError",
            Self::EmptySequence | Self::IndexOutOfRange => "IndexError",
            Self::ZeroRate => "ZeroDivisionError",
            Self::TooManyResults { .. } => "MemoryError",
            _ => "ValueError",
        }
    }
}

impl fmt::Display for DrawError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::EmptyRange { start, stop, step: None } => {
                return write!(formatter, "empty range in randrange({start}, {stop})");
            }
            Self::EmptyRange { start, stop, step: Some(step) } => {
                return write!(formatter, "empty range in randrange({start}, {stop}, {step})");
            }
            Self::TooManyResults { count } => {
                return write!(formatter, "{count} results in one call: at most {MAXIMUM_RESULTS}");
            }
            Self::EmptyUpTo => "empty range for randrange()",
            Self::MissingStop => "Missing a non-None stop argument",
            Self::ZeroStep => "zero step for randrange()",
            Self::EmptySequence => "Cannot choose from an empty sequence",
            Self::IndexOutOfRange => "list index out of range",
            Self::WeightsMismatch => "The number of weights does not match the population",
            Self::WeightsNotPositive => "Total of weights must be greater than zero",
            Self::WeightsNotFinite => "Total of weights must be finite",
            Self::SampleTooLarge => "Sample larger than population or is negative",
            Self::ZeroRate => "float division by zero",
            Self::NegativeLength => "negative argument not allowed",
        };
        formatter.write_str(text)
    }
}

impl std::error::Error for DrawError {}
