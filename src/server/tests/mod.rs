//! Tests of the whole server through the real router.

mod authorization;
mod bots;
mod channels;
mod crowd;
mod early;
mod guests;
mod headers;
mod installed;
mod limits;
mod listen;
mod older_client;
mod openapi;
mod other_sites;
mod own_data;
mod pages;
mod repeats;
mod rest;
mod times;
mod workers;
