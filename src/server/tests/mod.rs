//! The house from outside, through the real router.

mod door;
mod headers;
mod installed;
mod older_client;
mod openapi;
mod other_sites;
mod own_data;
mod pages;
mod rest;
