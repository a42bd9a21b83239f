//! The library behind the `redspec` command: captures read as streams, frames decoded to text and JSON, captures
//! replayed in their own time; the standards as tables, and what is judged by them. The formats themselves are the crate
//! `redspec-codec`'s.

pub mod arena;
pub mod bed;
pub mod capture;
pub mod coverage;
pub mod decode;
pub mod default_route;
pub mod event;
pub mod instance;
pub mod lab;
pub mod monitor;
pub mod netns;
pub mod reference;
pub mod replay;
pub mod report;
pub mod scenario;
pub mod selftest;
pub mod settings;
pub mod spec;
pub mod suite;
pub mod time;
pub mod verdict;
pub mod waivers;
