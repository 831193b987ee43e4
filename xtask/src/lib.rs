//! Implements `cargo xtask`: sets up a machine, builds, serves and tests Rialto.
//!
//! The library contains everything that compiles quickly. The steps with slow dependencies
//! (wasm-bindgen, Lightning CSS, compression) are in the second binary, `pack`.

pub mod bench;
pub mod build;
pub mod deny;
pub mod dev;
pub mod dist;
pub mod files;
pub mod fuzz;
pub mod http;
pub mod install;
pub mod layout;
pub mod npm;
pub mod postgres;
pub mod process;
pub mod python;
pub mod report;
pub mod serve;
pub mod setup;
pub mod stages;
pub mod test;
pub mod tidy;
pub mod toolchain;
