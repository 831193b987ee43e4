//! What `cargo xtask` does: sets up a machine, builds, serves and tests Rialto.
//!
//! The library holds everything that is quick to compile. The steps that need slow dependencies
//! (wasm-bindgen, Lightning CSS, compression) are the second binary, `pack`.

pub mod bench;
pub mod build;
pub mod deny;
pub mod dev;
pub mod dist;
pub mod files;
pub mod fuzz;
pub mod http;
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
