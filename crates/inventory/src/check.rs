//! What the inventory must be beyond the form of its values, without knowing Flux or OpenTofu.

use crate::Inventory;
use crate::read::Reader;

/// Checks everything; stand-ins are passed over by the reader.
pub(crate) fn all(_inventory: &Inventory, _reader: &mut Reader) {}
