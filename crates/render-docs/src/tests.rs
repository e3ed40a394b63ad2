//! What the page says about the example lab, and what it leaves out where there is nothing to say.

mod admins;
mod apps;
mod page;
mod people;
mod read;
mod size;
