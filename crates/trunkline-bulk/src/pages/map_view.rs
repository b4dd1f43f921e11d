//! A map of numbers as its template takes it.

use askama::Template;
use serde_json::{Map, Value, json};

use super::rows::{Controls, data};
use crate::map::{Block, NumberMap, NumberUse, Place, Places, UseCounts};

/// How many places of a kind a page shows.
const PLACES: usize = 200;

/// The numbers that a map shows, which decides what their uses mean.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject {
    /// The inventory, maybe with a plan.
    Inventory,
    /// The numbers of a plan.
    Plan,
    /// The numbers of a run.
    Run,
}

impl Subject {
    /// The meaning of a use, for somebody who sees such a map for the first time.
    const fn meaning(self, usage: NumberUse) -> &'static str {
        match (self, usage) {
            (Self::Run, NumberUse::Free) => "nobody and nothing had it when it was read back",
            (Self::Run, NumberUse::InUse) => "somebody or something had it when it was read back",
            (Self::Run, NumberUse::WillChange) => "its row is open, or its change is not visible yet",
            (Self::Run, NumberUse::Blocked) => "its row failed, was skipped, or has an unknown result",
            (Self::Inventory | Self::Plan, NumberUse::Free) => "nobody and nothing has it",
            (Self::Inventory | Self::Plan, NumberUse::InUse) => {
                "a user, a resource account, a policy, a conference bridge or an application has it"
            }
            (Self::Inventory, NumberUse::WillChange) => "the plan that was named with --plan changes it",
            (Self::Inventory, NumberUse::Blocked) => {
                "a row of that plan is about it and cannot be applied; this is no assignment block of the tenant, which no list of \
                 numbers shows"
            }
            (Self::Plan, NumberUse::WillChange) => "the plan changes it",
            (Self::Plan, NumberUse::Blocked) => {
                "a row of the plan is about it and cannot be applied; this is no assignment block of the tenant"
            }
        }
    }

    /// The meaning of a place without a number.
    const fn absence(self) -> &'static str {
        match self {
            Self::Inventory => "no such number in this list",
            Self::Plan => "no row of the plan is about it",
            Self::Run => "no row of the run is about it",
        }
    }
}

/// A map as a section of a page. Figures of pictures are texts.
#[derive(Template)]
#[template(path = "map/section.html")]
struct MapView {
    legend: Vec<LegendEntry>,
    absence: &'static str,
    places: Vec<PlacesView>,
    controls: String,
    uses: String,
    data: String,
}

/// A use, its letter, its meaning, and how many numbers have it.
struct LegendEntry {
    name: &'static str,
    letter: char,
    words: &'static str,
    meaning: &'static str,
    count: u64,
}

struct PlacesView {
    kind: &'static str,
    places: Vec<PlaceView>,
    left_out: usize,
}

struct PlaceView {
    name: String,
    figures: Vec<(&'static str, u64)>,
    total: u64,
    sentence: String,
    bars: Vec<Bar>,
}

/// The share of a use, in percent.
struct Bar {
    name: &'static str,
    x: String,
    width: String,
}

impl MapView {
    fn of(map: &NumberMap, subject: Subject) -> Self {
        let legend = NumberUse::ALL.map(|usage| LegendEntry {
            name: usage.name(),
            letter: usage.letter(),
            words: usage.words(),
            meaning: subject.meaning(usage),
            count: map.counts.of(usage),
        });
        let option = |usage: NumberUse| {
            (
                usage.letter().to_string(),
                format!("with numbers that are {}", usage.words()),
            )
        };
        let controls = Controls {
            prefix: "map-",
            search: "Search blocks: a number or its first digits",
            choice: "Blocks",
            options: NumberUse::ALL
                .map(|usage| match usage {
                    NumberUse::WillChange => (usage.letter().to_string(), "with numbers that will change".to_owned()),
                    usage => option(usage),
                })
                .into(),
        };
        let uses: Map<String, Value> = NumberUse::ALL
            .map(|usage| {
                (
                    usage.letter().to_string(),
                    json!({"name": usage.name(), "words": usage.words()}),
                )
            })
            .into_iter()
            .collect();
        Self {
            legend: legend.into(),
            absence: subject.absence(),
            places: map.places.iter().map(PlacesView::of).collect(),
            controls: controls.html(),
            uses: data(&Value::Object(uses)),
            data: data(&map.blocks.iter().map(block).collect()),
        }
    }
}

/// A map as HTML, without the heading above it. A template of texts alone cannot fail.
pub(crate) fn map_html(map: &NumberMap, subject: Subject) -> String {
    MapView::of(map, subject).render().unwrap_or_default()
}

fn block(block: &Block) -> Value {
    let cells = || block.cells.iter().flatten();
    let details: Map<String, Value> = block
        .cells
        .iter()
        .enumerate()
        .filter_map(|(place, cell)| Some((place.to_string(), cell.as_ref()?.detail.clone()?.into())))
        .collect();
    let mut value = json!({
        "name": block.name,
        "counts": block.counts.sentence(),
        "cells": block.letters(),
        "details": details,
    });
    match block.first {
        Some(first) => value["first"] = first.to_string().into(),
        None => value["numbers"] = cells().map(|cell| cell.number.clone()).collect(),
    }
    value
}

impl PlacesView {
    fn of(places: &Places) -> Self {
        let mut shown: Vec<&Place> = places.places.iter().collect();
        // The largest, in their own order.
        let left_out = shown.len().saturating_sub(PLACES);
        if left_out > 0 {
            shown.sort_by_key(|place| std::cmp::Reverse(place.counts.total()));
            shown.truncate(PLACES);
            shown.sort_by(|one, other| (one.name.is_none(), &one.name).cmp(&(other.name.is_none(), &other.name)));
        }
        let kind = places.kind.words();
        Self {
            kind,
            places: shown.into_iter().map(|place| PlaceView::of(place, kind)).collect(),
            left_out,
        }
    }
}

impl PlaceView {
    fn of(place: &Place, kind: &str) -> Self {
        Self {
            name: place.name.clone().unwrap_or_else(|| format!("no {kind}")),
            figures: NumberUse::ALL
                .map(|usage| (usage.words(), place.counts.of(usage)))
                .into(),
            total: place.counts.total(),
            sentence: place.counts.sentence(),
            bars: bars(&place.counts),
        }
    }
}

fn bars(counts: &UseCounts) -> Vec<Bar> {
    let total = counts.total().max(1) as f64;
    let mut from = 0.0;
    NumberUse::ALL
        .into_iter()
        .filter(|usage| counts.of(*usage) > 0)
        .map(|usage| {
            let width = counts.of(usage) as f64 / total * 100.0;
            let bar = Bar {
                name: usage.name(),
                x: format!("{from:.2}"),
                width: format!("{width:.2}"),
            };
            from += width;
            bar
        })
        .collect()
}
