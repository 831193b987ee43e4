//! Prints the results as a table or as JSON.

use super::{
    error::Result,
    load::Step,
    scenario::{Idle, Pace, Talk},
};
use serde_json::{Map, Value, json};

/// A result: its name, its decimals, and where it is found.
type Choice = (&'static str, usize, fn(&Talk) -> Option<f64>);

/// Collects results.
pub struct Figures {
    json: bool,
    lines: Vec<(String, String)>,
    values: Map<String, Value>,
}

impl Figures {
    pub fn new(json: bool) -> Self {
        Self {
            json,
            lines: Vec::new(),
            values: Map::new(),
        }
    }

    /// Adds the results of idle connections.
    pub fn idle(&mut self, idle: &Idle) {
        let each = (idle.after - idle.before) / idle.connections as f64;
        self.line(
            format!("KiB for each idle connection ({})", idle.connections),
            format!("{each:.1}"),
        );
        let value = json!({
            "connections": idle.connections,
            "kib_each": each,
            "kib_before": idle.before,
            "kib_after": idle.after,
        });
        self.values
            .insert(format!("idle_{}", idle.connections), value);
    }

    /// Adds the results of messages, beside those of the peer.
    pub fn talk(&mut self, pace: Pace, ours: &Talk, peer: Option<&Talk>) {
        let clients = ours.clients;
        let what = match pace {
            Pace::Closed => format!("rooms of 10, closed loop, {} senders", clients.div_ceil(10)),
            Pace::Rooms => format!("rooms of 10, open loop, {clients} clients"),
            Pace::Hall => format!("room of {clients}"),
        };
        if ours.light.is_some() {
            let light: [Choice; 3] = [
                ("p50 ms at 5 sends/s", 1, |talk| Some(talk.light?.p50)),
                ("p99 ms at 5 sends/s", 1, |talk| Some(talk.light?.p99)),
                (
                    "CPU seconds per million deliveries at 5 sends/s",
                    1,
                    |talk| Some(talk.light?.processor),
                ),
            ];
            self.compare(&what, &light, ours, peer);
        }
        let sends = match pace {
            Pace::Closed => "acknowledged sends/s",
            Pace::Rooms | Pace::Hall => "most sends/s, p99 under 100 ms",
        };
        let best: [Choice; 5] = [
            (sends, 0, |talk| Some(talk.best()?.acknowledged)),
            ("its CPU seconds per million deliveries", 1, |talk| {
                Some(talk.best()?.processor)
            }),
            ("its p50 ms", 1, |talk| Some(talk.best()?.p50)),
            ("its p99 ms", 1, |talk| Some(talk.best()?.p99)),
            ("lost and doubled", 0, |talk| {
                Some((talk.balance.lost + talk.balance.doubled) as f64)
            }),
        ];
        self.compare(&what, &best, ours, peer);
        let name = format!("{pace:?}").to_lowercase();
        if let Some(peer) = peer {
            self.values.insert(format!("{name}_peer"), json(peer));
        }
        self.values.insert(name, json(ours));
    }

    /// Adds lines with our figure, the peer's, and the ratio.
    fn compare(&mut self, what: &str, choices: &[Choice], ours: &Talk, peer: Option<&Talk>) {
        for (figure, digits, of) in choices {
            let digits = *digits;
            let text = |figure: Option<f64>| {
                figure.map_or_else(|| "-".into(), |figure| format!("{figure:.digits$}"))
            };
            let mut line = format!("{:>8}", text(of(ours)));
            if let Some(peer) = peer {
                let ratio = of(ours).zip(of(peer)).map(|(ours, peer)| ours / peer);
                let ratio = ratio.filter(|ratio| ratio.is_finite());
                let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
                line = format!("{line}  {:>8}  {ratio:>6}", text(of(peer)));
            }
            self.line(format!("{what}: {figure}"), line);
        }
    }

    fn line(&mut self, what: String, figure: String) {
        self.lines.push((what, figure));
    }

    /// Prints the results.
    pub fn print(self) -> Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(&self.values)?);
            return Ok(());
        }
        let width = self.lines.iter().map(|(what, _)| what.len()).max();
        let width = width.unwrap_or(0);
        for (what, figure) in self.lines {
            println!("{what:<width$}  {figure}");
        }
        Ok(())
    }
}

fn json(talk: &Talk) -> Value {
    let step = |step: &Step| {
        json!({
            "rate": step.rate,
            "acknowledged_per_second": step.acknowledged,
            "deliveries_per_second": step.deliveries,
            "p50_ms": step.p50,
            "p99_ms": step.p99,
            "longest_ms": step.longest,
            "cpu_seconds_per_million_deliveries": step.processor,
            "kept_up": step.kept_up,
        })
    };
    json!({
        "clients": talk.clients,
        "light": talk.light.as_ref().map(step),
        "best": talk.best().map(step),
        "steps": talk.steps.iter().map(step).collect::<Vec<_>>(),
        "lost": talk.balance.lost,
        "doubled": talk.balance.doubled,
    })
}
