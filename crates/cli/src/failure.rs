//! Why a run could not be: status 2.

use std::fmt;

use crate::apply::{ApplyError, Cause};
use crate::disk::{DiskError, LockError};

/// Why a run could not be, and what to do about it.
#[derive(Debug)]
pub struct Failure {
    /// One sentence.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Failure {
    /// What the person asked for cannot be.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl From<DiskError> for Failure {
    fn from(error: DiskError) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self { message: cause.to_string(), help: cause.help() }
    }
}

impl From<ApplyError> for Failure {
    fn from(error: ApplyError) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}
