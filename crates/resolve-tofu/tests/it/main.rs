//! Roots and expressions, evaluated, against what OpenTofu says of them.

mod expressions;
mod flow;
mod judge;
mod roots;
