//! The house from outside, through the real router.

mod rest;
