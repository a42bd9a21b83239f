//! What results become: annotated captures, JSON, JUnit XML, text on a console, test sheets, a matrix of devices.

pub mod arena;
pub mod console;
pub mod json;
pub mod junit;
pub mod matrix;
pub mod pcapng;
pub mod sheet;
mod text;
