//! Which references are rendered, by which operator, and with which store.

mod reference;
mod sample;
mod store;
