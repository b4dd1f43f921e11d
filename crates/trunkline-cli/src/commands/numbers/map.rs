//! `trunkline numbers map`: a picture of the inventory.

use serde_json::{Map, Value, json};
use trunkline::Client;
use trunkline_bulk::Bulk;
use trunkline_bulk::map::{Arrangement, Block, InventoryMap, NumberMap, NumberUse, PlaceKind, Places, UseCounts};
use trunkline_bulk::pages::write_map;
use trunkline_bulk::plan::Plan;

use super::list::narrowed;
use crate::arguments::{Blocks, By, Conditions, Format, ShowMap};
use crate::commands::Report;
use crate::commands::bulk::file::{check_page, write};
use crate::document::{Column, Document, printable};
use crate::failure::Failure;
use crate::layout::{Fit, Heading, Table, View, fitted};
use crate::printer::Printer;

/// How many characters the picture of a block has.
const PICTURE: usize = 20;

const COLUMNS: &[Column] = &[
    Column::shown("block", "/block"),
    Column::shown("free", "/free"),
    Column::shown("inUse", "/inUse"),
    Column::shown("willChange", "/willChange"),
    Column::shown("blocked", "/blocked"),
    Column::shown("numbers", "/numbers"),
    Column::shown("cells", "/cells"),
];

pub(super) async fn run(wanted: &ShowMap, client: &Client, printer: Printer) -> Result<Report, Failure> {
    check_page(wanted.html.as_deref())?;
    let plan = wanted.plan.as_deref().map(Plan::read).transpose()?;
    let arrangement = match wanted.blocks {
        Blocks::Hundred => Arrangement::Hundreds,
        Blocks::Run => Arrangement::Runs,
    };
    let list = narrowed(client.numbers().list(), &wanted.conditions);
    let mut found = Bulk::new(client).map(list, plan.as_ref(), arrangement).await?;
    if let Some(doubt) = &found.doubt {
        printer.note(&format!("numbers may be missing: {doubt}"));
    }
    if let Some(by) = wanted.by {
        let kind = match by {
            By::City => PlaceKind::City,
            By::Location => PlaceKind::Location,
            By::Site => PlaceKind::Site,
        };
        found.map.places.retain(|places| places.kind == kind);
        if found.map.places.is_empty() && found.map.counts.total() > 0 {
            printer.note(&format!("no number has a {}", kind.words()));
        }
    }
    if let Some(path) = &wanted.html {
        let facts = facts(wanted, &found, client);
        write(path, printer, |to| write_map(&found.map, facts, to))?;
    }
    let blocks = Value::Array(found.map.blocks.iter().map(block).collect());
    let json = match printer.format() {
        Format::Json => json!({
            "counts": counts(&found.map.counts),
            "blocks": blocks,
            "places": found.map.places,
            "doubt": found.doubt,
        }),
        _ => blocks,
    };
    Ok(Document::new(json, COLUMNS)
        .with_text(text(&found.map, printer.view()))
        .into())
}

fn facts(wanted: &ShowMap, found: &InventoryMap, client: &Client) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Tenant", format!("{} in cloud {}", found.tenant, found.cloud)),
        ("Read", client.core().clock().now().to_string()),
        (
            "Numbers",
            format!("{}: {}", found.map.counts.total(), found.map.counts.sentence()),
        ),
    ];
    let conditions = conditions(&wanted.conditions);
    if !conditions.is_empty() {
        facts.push(("Only", conditions));
    }
    if let Some(plan) = &wanted.plan {
        let name = plan.file_name().unwrap_or(plan.as_os_str());
        facts.push(("Plan", name.to_string_lossy().into_owned()));
    }
    if let Some(doubt) = &found.doubt {
        facts.push(("Numbers may be missing", doubt.clone()));
    }
    facts
}

/// The conditions of the command line, for whoever reads the page.
fn conditions(conditions: &Conditions) -> String {
    let parts = [
        ("provider", &conditions.number_type),
        ("country", &conditions.country),
        ("city", &conditions.city),
        ("prefix", &conditions.prefix),
        ("filter", &conditions.filter),
    ];
    let parts = parts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    parts.collect::<Vec<_>>().join(", ")
}

fn counts(counts: &UseCounts) -> Map<String, Value> {
    let uses = NumberUse::ALL.map(|usage| (usage.name().to_owned(), counts.of(usage).into()));
    uses.into_iter()
        .chain([("numbers".to_owned(), counts.total().into())])
        .collect()
}

fn block(block: &Block) -> Value {
    let mut value = counts(&block.counts);
    value.insert("block".to_owned(), block.name.clone().into());
    value.insert("cells".to_owned(), block.letters().into());
    match block.first {
        Some(first) => value.insert("first".to_owned(), format!("+{first}").into()),
        None => {
            let numbers = block.cells.iter().flatten().map(|cell| cell.number.clone());
            value.insert("cellNumbers".to_owned(), numbers.collect())
        }
    };
    Value::Object(value)
}

/// The map for people: blocks with a picture of each, use by place, and everything in a sentence.
fn text(map: &NumberMap, view: View) -> String {
    if map.counts.total() == 0 {
        return "No number matches.".to_owned();
    }
    let blocks = map.blocks.iter().map(|block| {
        let picture = block.picture(PICTURE);
        row(&block.name, &block.counts, Some(picture))
    });
    let mut text = table("BLOCK", true, blocks, view);
    for places in &map.places {
        text.push_str(&by_place(places, view));
    }
    let legend = format!(
        "{} numbers: {}\nIn a picture, each character stands for the same count of numbers:\nF free, U in use, u some of both, \
         C will change, B blocked, . no number\n",
        map.counts.total(),
        map.counts.sentence()
    );
    text.push('\n');
    text.push_str(&fitted(&legend, view.width, 2));
    text
}

fn by_place(places: &Places, view: View) -> String {
    let kind = places.kind.words();
    let rows = places.places.iter().map(|place| {
        let nowhere = format!("no {kind}");
        row(place.name.as_deref().unwrap_or(&nowhere), &place.counts, None)
    });
    format!("\n{}", table(&kind.to_uppercase(), false, rows, view))
}

fn row(name: &str, counts: &UseCounts, picture: Option<String>) -> Vec<String> {
    let figures = NumberUse::ALL.map(|usage| counts.of(usage).to_string());
    std::iter::once(name.to_owned()).chain(figures).chain(picture).collect()
}

/// Figures stand at the right of their columns. In a narrow terminal, the picture says what they say.
fn table(first: &str, has_picture: bool, rows: impl Iterator<Item = Vec<String>>, view: View) -> String {
    let rows: Vec<Vec<String>> = rows.collect();
    let words = NumberUse::ALL.map(|usage| usage.words().to_uppercase());
    let mut headings = vec![Heading::new(first, Fit::Stays)];
    for (rank, word) in (1..).zip(&words) {
        headings.push(Heading::new(word, Fit::Drops(rank)));
    }
    if has_picture {
        headings.push(Heading::new("PICTURE", Fit::Stays));
    }
    let mut table = Table::new(headings);
    for cells in &rows {
        let aligned = cells
            .iter()
            .enumerate()
            .map(|(place, cell)| match words.get(place.wrapping_sub(1)) {
                Some(word) => format!("{cell:>width$}", width = word.chars().count()),
                None => printable(cell).into_owned(),
            });
        table.row(aligned.collect());
    }
    table.write(view)
}
