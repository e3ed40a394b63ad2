//! What is rendered for the example lab, and what is left out or different where the inventory says so.

mod apps;
mod authentik;
mod clusters;
mod sample;
