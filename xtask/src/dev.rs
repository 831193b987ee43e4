//! Serves a debug build and rebuilds after changes.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::layout::{Layout, Profile};
use crate::process::{interrupted, run, start, stop};
use crate::{build, files, serve, setup};

const POLL: Duration = Duration::from_millis(300);
/// Changes here rebuild server, module and site.
const CODE: [&str; 4] = ["src", "migrations", "Cargo.toml", "Cargo.lock"];
/// Changes here rebuild only the site.
const LOOKS: [&str; 2] = ["style", "public"];
/// Changes here restart the server.
const SETTINGS: [&str; 1] = ["Leptos.toml"];

/// Builds, serves and watches until interrupted. After a failed build the previous server keeps
/// running until the next change.
pub fn dev(layout: &Layout, args: &[OsString]) -> Result<()> {
    setup::to_serve(layout)?;
    let mut server: Option<Child> = None;
    let mut seen = State::default();
    while !interrupted() {
        let now = State::read(layout)?;
        if now != seen {
            match rebuild(layout, &seen, &now) {
                Ok(()) => {
                    if let Some(mut old) = server.take() {
                        stop(&mut old);
                    }
                    server = Some(start(&mut serve::server(layout, Profile::Debug, args))?);
                }
                Err(error) if !interrupted() => {
                    eprintln!("dev: {error:#}\ndev: waiting for the next change")
                }
                Err(_) => {}
            }
            seen = now;
        }
        if let Some(ended) = server
            .as_mut()
            .and_then(|server| server.try_wait().ok().flatten())
        {
            println!("dev: the server ended ({ended}); waiting for the next change");
            server = None;
        }
        std::thread::sleep(POLL);
    }
    if let Some(mut server) = server {
        stop(&mut server);
    }
    Ok(())
}

fn rebuild(layout: &Layout, seen: &State, now: &State) -> Result<()> {
    if seen.code != now.code {
        return build::everything(layout, Profile::Debug);
    }
    let module = build::wasm(layout, Profile::Debug, run)?;
    build::site(layout, Profile::Debug, &module)
}

/// Modification times of the watched files.
#[derive(Debug, Default, PartialEq, Eq)]
struct State {
    code: BTreeMap<PathBuf, SystemTime>,
    rest: BTreeMap<PathBuf, SystemTime>,
}

impl State {
    fn read(layout: &Layout) -> Result<Self> {
        Ok(Self {
            code: times(layout, &CODE)?,
            rest: times(layout, &[&LOOKS[..], &SETTINGS[..]].concat())?,
        })
    }
}

fn times(layout: &Layout, parts: &[&str]) -> Result<BTreeMap<PathBuf, SystemTime>> {
    let mut times = BTreeMap::new();
    for part in parts {
        let path = layout.root.join(part);
        let found = if path.is_file() {
            vec![path]
        } else {
            files::walk(&path, &[])?
        };
        for file in found {
            // An editor can remove a file for a moment.
            if let Ok(time) = file.metadata().and_then(|meta| meta.modified()) {
                times.insert(file, time);
            }
        }
    }
    Ok(times)
}
