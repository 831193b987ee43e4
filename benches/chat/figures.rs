//! Prints the results as a table or as JSON.

use super::{
    error::Result,
    scenario::{Idle, Talk},
};
use serde_json::{Map, Value, json};

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

    /// Adds the results of the rooms.
    pub fn rooms(&mut self, talk: &Talk) {
        let most = talk.best().map_or_else(none, |best| {
            let (rate, p99) = (best.acknowledged, best.p99);
            format!("{rate:.0}  (p99 {p99:.1} ms)")
        });
        let what = "most acknowledged sends/s, p99 under 100 ms";
        self.line(
            format!("rooms of 10, {} clients: {what}", talk.clients),
            most,
        );
        self.balance("rooms", talk);
    }

    /// Adds the results of the hall.
    pub fn hall(&mut self, talk: &Talk) {
        let hall = format!("room of {}", talk.clients);
        if let Some(light) = &talk.light {
            self.line(
                format!("{hall}: p50 / p99 ms at 5 sends/s"),
                format!("{:.1} / {:.1}", light.p50, light.p99),
            );
        }
        let most = talk.best().map_or_else(none, |best| {
            let (rate, p99, deliveries) = (best.acknowledged, best.p99, best.deliveries);
            format!("{rate:.0}  (p99 {p99:.1} ms, {deliveries:.0} deliveries/s)")
        });
        self.line(format!("{hall}: most sends/s, p99 under 100 ms"), most);
        let processor = |step: Option<&super::load::Step>| {
            step.map_or_else(none, |step| format!("{:.1}", step.processor))
        };
        let light = processor(talk.light.as_ref());
        let full = processor(talk.best());
        self.line(
            format!("{hall}: CPU seconds per million deliveries, light / full"),
            format!("{light} / {full}"),
        );
        self.balance("hall", talk);
    }

    fn balance(&mut self, name: &str, talk: &Talk) {
        let (lost, doubled) = (talk.balance.lost, talk.balance.doubled);
        self.line(
            format!("{name}: lost / doubled deliveries"),
            format!("{lost} / {doubled}"),
        );
        let step = |step: &super::load::Step| {
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
        let value = json!({
            "clients": talk.clients,
            "light": talk.light.as_ref().map(step),
            "best": talk.best().map(step),
            "steps": talk.steps.iter().map(step).collect::<Vec<_>>(),
            "lost": lost,
            "doubled": doubled,
        });
        self.values.insert(name.into(), value);
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

fn none() -> String {
    "-".into()
}
