//! Bundles the style sheets into one.

use std::path::Path;

use anyhow::{Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use lightningcss::targets::{Browsers, Targets};

/// The oldest supported browsers: releases of two years ago. Major version in the upper half, minor
/// version in the byte below.
const BROWSERS: Browsers = Browsers {
    android: Some(131 << 16),
    chrome: Some(131 << 16),
    edge: Some(131 << 16),
    firefox: Some(132 << 16),
    ie: None,
    ios_saf: Some(18 << 16 | 1 << 8),
    opera: Some(116 << 16),
    safari: Some(18 << 16 | 1 << 8),
    samsung: Some(27 << 16),
};

/// Follows the imports of `entry` and returns one style sheet.
pub fn bundle(entry: &Path, minify: bool) -> Result<String> {
    let targets = Targets::from(BROWSERS);
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler
        .bundle(entry)
        .map_err(|error| anyhow!("style sheet: {error}"))?;
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| anyhow!("style sheet: {error}"))?;
    let options = PrinterOptions {
        minify,
        targets,
        ..PrinterOptions::default()
    };
    Ok(sheet
        .to_css(options)
        .map_err(|error| anyhow!("style sheet: {error}"))?
        .code)
}
