//! The command line of `cargo xtask`.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::Arg::{Long, Short, Value};
use xtask::fuzz::{self, Length};
use xtask::layout::{Layout, Profile};
use xtask::{bench, build, deny, dev, dist, process, serve, setup, test, tidy};

const HELP: &str = "\
cargo xtask COMMAND

  serve [--debug] [-- ARGS]   set up, build and serve on http://127.0.0.1:3000
  dev [-- ARGS]               serve a debug build; rebuild and restart on change
  test [--keep-going] [--long] [NAME]
                              set up and run everything that must hold, or only the tests whose name
                              has NAME in it; --long throws rubbish and kills the server at length
  fuzz [--debug] [--long]     throw rubbish at the REST API and at the gateway
  setup [--serve-only]        bring what is missing on this machine
  build [--release|--debug]   build the server and the site (release unless told otherwise)
  dist                        pack a release that runs on a machine without Rust
  tidy                        check the text of the tree: layers, lengths, catalogue
  deny                        check licences, sources and advisories of the dependencies
  bench NAME [-- ARGS]        measure the release server

ARGS go to `rialto serve` or to the benchmark. CARGO_TARGET_DIR says where builds go.";

fn main() -> ExitCode {
    match command() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Result<ExitCode> {
    let given = Given::parse(lexopt::Parser::from_env())?;
    if given.help {
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    let layout = Layout::find()?;
    process::note_interrupts()?;
    match (given.command.as_str(), given.name) {
        ("setup", None) if given.serve_only => setup::to_serve(&layout)?,
        ("setup", None) => setup::everything(&layout)?,
        ("build", None) => build::everything(&layout, given.profile)?,
        ("serve", None) => serve::serve(&layout, given.profile, &given.rest)?,
        ("dev", None) => dev::dev(&layout, &given.rest)?,
        ("dist", None) => dist::dist(&layout)?,
        ("tidy", None) => tidy::tidy(&layout)?,
        ("deny", None) => deny::deny(&layout)?,
        ("fuzz", None) => fuzz::fuzz(&layout, given.profile, given.length)?,
        ("bench", Some(name)) => bench::bench(&layout, &name, &given.rest)?,
        ("test", filter) => {
            if !test::test(&layout, filter.as_deref(), given.length, given.keep_going)? {
                return Ok(ExitCode::FAILURE);
            }
        }
        (command, _) => bail!("`{command}` was not understood\n\n{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The parsed command line.
struct Given {
    command: String,
    name: Option<String>,
    profile: Profile,
    serve_only: bool,
    length: Length,
    keep_going: bool,
    help: bool,
    rest: Vec<OsString>,
}

impl Given {
    fn parse(mut parser: lexopt::Parser) -> Result<Self> {
        let mut given = Self {
            command: String::new(),
            name: None,
            profile: Profile::Release,
            serve_only: false,
            length: Length::Usual,
            keep_going: false,
            help: false,
            rest: Vec::new(),
        };
        loop {
            // Arguments after `--` belong to the started program.
            if let Some(mut raw) = parser.try_raw_args()
                && raw.peek().is_some_and(|arg| arg == "--")
            {
                raw.next();
                given.rest = raw.collect();
                break;
            }
            let Some(arg) = parser.next()? else { break };
            match arg {
                Long("debug") => given.profile = Profile::Debug,
                Long("release") => given.profile = Profile::Release,
                Long("serve-only") => given.serve_only = true,
                Long("long") => given.length = Length::Long,
                Long("keep-going") => given.keep_going = true,
                Long("help") | Short('h') => given.help = true,
                Value(value) if given.command.is_empty() => {
                    given.command = value.to_string_lossy().into_owned()
                }
                Value(value) if given.name.is_none() => {
                    given.name = Some(value.to_string_lossy().into_owned())
                }
                other => return Err(other.unexpected().into()),
            }
        }
        given.help |= given.command.is_empty() || given.command == "help";
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Given> {
        Given::parse(lexopt::Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn what_follows_two_dashes_is_handed_on() {
        let given = parse("serve --debug -- --addr 127.0.0.1:1 --help").unwrap();
        assert_eq!(
            (given.command.as_str(), given.profile, given.help),
            ("serve", Profile::Debug, false)
        );
        assert_eq!(given.rest, ["--addr", "127.0.0.1:1", "--help"]);
    }

    #[test]
    fn filter_and_help() {
        let given = parse("test --keep-going delivery").unwrap();
        assert_eq!(
            (given.name.as_deref(), given.keep_going),
            (Some("delivery"), true)
        );
        assert!(parse("").unwrap().help);
        assert!(parse("serve --nonsense").is_err());
        assert!(parse("test a b").is_err());
    }
}
