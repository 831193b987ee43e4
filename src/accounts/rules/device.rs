//! Readable device names from user agents.

use crate::accounts::DeviceName;

/// Browsers by a token of their user agent. Browsers that imitate others come first.
const BROWSERS: [(&str, &str); 13] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems by a token of their user agent, more specific ones first: that of Android also contains
/// Linux, and that of iPhones Mac OS X.
const SYSTEMS: [(&str, &str); 9] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Mac OS X", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("Linux", "Linux"),
];

/// Most characters of a program's name.
const PROGRAM: usize = 40;

/// Returns the name of a device by its user agent.
pub fn name(user_agent: &str) -> DeviceName {
    let of = |marks: &[(&str, &str)]| {
        let found = marks.iter().find(|(mark, _)| user_agent.contains(mark));
        found.map(|(_, name)| (*name).to_owned())
    };
    DeviceName {
        app: of(&BROWSERS).or_else(|| program(user_agent)),
        system: of(&SYSTEMS),
    }
}

/// User agents of programs start with their name: `curl/8.5.0`.
fn program(user_agent: &str) -> Option<String> {
    let name = user_agent.split(['/', '(', ';']).next()?.trim();
    let is_name = !name.is_empty() && !name.starts_with("Mozilla");
    is_name.then(|| name.chars().take(PROGRAM).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn devices_have_the_names_that_people_use() {
        for (user_agent, app, system) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
                Some("Firefox"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                Some("Edge"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) \
                 SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
                Some("Samsung Internet"),
                Some("Android"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                Some("Safari"),
                Some("iPhone"),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like \
                 Gecko) Chrome/126.0.0.0 Safari/537.36 OPR/111.0.0.0",
                Some("Opera"),
                Some("macOS"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 HeadlessChrome/126.0.0.0 Safari/537.36",
                Some("Chrome"),
                Some("Linux"),
            ),
            ("curl/8.5.0", Some("curl"), None),
            ("python-requests/2.32.3", Some("python-requests"), None),
            ("node", Some("node"), None),
            ("Mozilla/5.0", None, None),
            ("", None, None),
        ] {
            let expected = DeviceName {
                app: app.map(str::to_owned),
                system: system.map(str::to_owned),
            };
            assert_eq!(name(user_agent), expected, "{user_agent}");
        }
    }

    proptest! {
        #[test]
        fn any_user_agent_has_a_short_name(user_agent in ".{0,200}") {
            let name = name(&user_agent);
            let app = name.app.unwrap_or_default();
            prop_assert!(app.chars().count() <= PROGRAM);
        }
    }
}
