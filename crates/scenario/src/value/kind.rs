//! The kinds of exception, and which is a kind of which.

/// Declares the enum together with each kind's name and parent, so that none of the three can be forgotten.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $(: $parent:ident)? $(, in $module:literal)?;)*) => {
        /// The kind of an exception: one of Python's built-in classes, or of asyncio's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum ExceptionKind { $($(#[$doc])* $kind,)* }

        impl ExceptionKind {
            /// Every kind.
            pub(crate) const ALL: &[ExceptionKind] = &[$(ExceptionKind::$kind),*];

            /// Its name as `repr` shows it: `ValueError`, `QueueEmpty`.
            pub(crate) fn name(self) -> &'static str {
                match self { $(ExceptionKind::$kind => stringify!($kind),)* }
            }

            /// The kind that it is a kind of; none for `BaseException`.
            pub(crate) fn parent(self) -> Option<ExceptionKind> {
                match self { $(ExceptionKind::$kind => kinds!(@parent $($parent)?),)* }
            }

            /// The module that a program names it by, where it is not built in: `asyncio`.
            fn module(self) -> Option<&'static str> {
                match self { $(ExceptionKind::$kind => kinds!(@module $($module)?),)* }
            }
        }
    };
    (@parent) => { None };
    (@parent $parent:ident) => { Some(ExceptionKind::$parent) };
    (@module) => { None };
    (@module $module:literal) => { Some($module) };
}

kinds! {
    /// What every exception is.
    BaseException;
    /// What `except Exception` catches.
    Exception: BaseException;
    /// A number that cannot be computed.
    ArithmeticError: Exception;
    /// A number beyond what can be represented.
    OverflowError: ArithmeticError;
    /// A division by zero.
    ZeroDivisionError: ArithmeticError;
    /// An `assert` that failed.
    AssertionError: Exception;
    /// A method that the type does not have.
    AttributeError: Exception;
    /// A position or key that is not there.
    LookupError: Exception;
    /// A position that is not there.
    IndexError: LookupError;
    /// A key that is not there.
    KeyError: LookupError;
    /// More memory than the run may take.
    MemoryError: Exception;
    /// A name without a value.
    NameError: Exception;
    /// A local name that has no value yet.
    UnboundLocalError: NameError;
    /// What the operating system reports.
    OSError: Exception;
    /// A timeout that expired; `asyncio.TimeoutError` is the same.
    TimeoutError: OSError;
    /// A connection that failed.
    ConnectionError: OSError;
    /// What fits no other kind.
    RuntimeError: Exception;
    /// Nesting or calls too deep.
    RecursionError: RuntimeError;
    /// What is still to be written.
    NotImplementedError: RuntimeError;
    /// A barrier that was aborted or reset while tasks waited.
    BrokenBarrierError: RuntimeError, in "asyncio";
    /// The end of an iteration.
    StopIteration: Exception;
    /// The end of an asynchronous iteration.
    StopAsyncIteration: Exception;
    /// A value of the wrong type.
    TypeError: Exception;
    /// A value of the right type that will not do.
    ValueError: Exception;
    /// `get_nowait` on an empty queue.
    QueueEmpty: Exception, in "asyncio";
    /// `put_nowait` on a full queue.
    QueueFull: Exception, in "asyncio";
    /// `put` or `get` on a queue that was shut down.
    QueueShutDown: Exception, in "asyncio";
    /// A result asked of what has none yet.
    InvalidStateError: Exception, in "asyncio";
    /// A cancellation: not an `Exception`, so that only those catch it who mean it.
    CancelledError: BaseException, in "asyncio";
    /// Several exceptions, of which one at least is no `Exception`.
    BaseExceptionGroup: BaseException;
    /// Several exceptions.
    ExceptionGroup: BaseExceptionGroup;
    /// The end of a generator that was closed.
    GeneratorExit: BaseException;
    /// Control-C.
    KeyboardInterrupt: BaseException;
    /// A request to end the program.
    SystemExit: BaseException;
}

impl ExceptionKind {
    /// Whether `except other` catches it.
    pub(crate) fn is_a(self, other: ExceptionKind) -> bool {
        // ExceptionGroup has two parents in Python; this table holds one.
        if self == ExceptionKind::ExceptionGroup && other == ExceptionKind::Exception {
            return true;
        }
        let mut kind = Some(self);
        while let Some(present) = kind {
            if present == other {
                return true;
            }
            kind = present.parent();
        }
        false
    }

    /// Whether it is one of asyncio's, and not built in.
    pub(crate) fn is_asyncio(self) -> bool {
        self.module() == Some("asyncio")
    }

    /// The kind that a program calls by this name: `ValueError`; asyncio's with or without the module, `asyncio.QueueEmpty`
    /// or `QueueEmpty`.
    pub(crate) fn from_name(name: &str) -> Option<ExceptionKind> {
        match name.strip_prefix("asyncio.") {
            Some("TimeoutError") => Some(ExceptionKind::TimeoutError),
            Some(name) => ExceptionKind::named(name).filter(|kind| kind.module() == Some("asyncio")),
            None => ExceptionKind::named(name),
        }
    }

    fn named(name: &str) -> Option<ExceptionKind> {
        ExceptionKind::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
