//! OpenTofu's language as a tree with byte spans: blocks and attributes, and the expressions in them.

mod ast;

pub use ast::{
    Attribute, BinaryOperator, Block, Body, Expression, For, ForResult, Item, Kind, ObjectItem, Segment, Step, Strip,
    UnaryOperator,
};
