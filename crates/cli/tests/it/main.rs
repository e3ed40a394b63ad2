//! Tests of labtree as a whole.

#![allow(clippy::unwrap_used)] // clippy sees a test's own code, but not what it calls

mod abort;
mod apps;
mod baseline;
mod bytes;
mod catalog;
mod check;
mod ci;
mod clones;
mod config;
mod edits;
mod fmt;
mod generate;
mod graph;
mod help;
mod hook;
mod init;
mod known_app;
mod lab;
mod merges;
mod messages;
mod new_app;
mod obstacles;
mod pages;
mod prompts;
mod quoting;
mod repo;
mod repository;
mod rules;
mod schemas;
mod settings;
mod staged;
mod submodules;
mod templates;
mod why;
