//! What the codec does with known octets. One binary, because linking is most of what a test run costs.

#[path = "../common/mod.rs"]
mod common;

mod golden;
mod layout;
mod md5;
mod rules;
mod values;
