//! The house from outside, through the real router.

mod authorization;
mod bots;
mod channels;
mod crowd;
mod door;
mod early;
mod guests;
mod headers;
mod installed;
mod limits;
mod older_client;
mod openapi;
mod other_sites;
mod own_data;
mod pages;
mod repeats;
mod rest;
mod times;
mod workers;
