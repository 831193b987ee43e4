//! The command line arguments.

use std::path::PathBuf;

use anyhow::{Context, Result};
use lexopt::Arg::Long;

/// The parsed command line.
pub struct Given {
    /// The module that cargo built.
    pub module: PathBuf,
    /// The style sheet that imports all others.
    pub style: PathBuf,
    /// Files that are served unchanged.
    pub public: PathBuf,
    /// Our own scripts, which import each other.
    pub scripts: PathBuf,
    /// The folder of the message catalogues.
    pub texts: PathBuf,
    /// Cache of slow steps.
    pub cache: PathBuf,
    /// The finished site.
    pub out: PathBuf,
    /// Binaryen's optimizer, a script for node.
    pub wasm_opt: Option<PathBuf>,
    /// Whether to minify and optimize.
    pub release: bool,
}

impl Given {
    /// Parses the arguments of this program.
    pub fn parse() -> Result<Self> {
        let mut parser = lexopt::Parser::from_env();
        let (mut module, mut style, mut public, mut scripts) = (None, None, None, None);
        let (mut texts, mut cache, mut out) = (None, None, None);
        let (mut wasm_opt, mut release) = (None, false);
        while let Some(arg) = parser.next()? {
            let place = match arg {
                Long("module") => &mut module,
                Long("style") => &mut style,
                Long("public") => &mut public,
                Long("scripts") => &mut scripts,
                Long("texts") => &mut texts,
                Long("cache") => &mut cache,
                Long("out") => &mut out,
                Long("wasm-opt") => &mut wasm_opt,
                Long("release") => {
                    release = true;
                    continue;
                }
                other => return Err(other.unexpected().into()),
            };
            *place = Some(PathBuf::from(parser.value()?));
        }
        Ok(Self {
            module: module.context("--module is missing")?,
            style: style.context("--style is missing")?,
            public: public.context("--public is missing")?,
            scripts: scripts.context("--scripts is missing")?,
            texts: texts.context("--texts is missing")?,
            cache: cache.context("--cache is missing")?,
            out: out.context("--out is missing")?,
            wasm_opt,
            release,
        })
    }
}
