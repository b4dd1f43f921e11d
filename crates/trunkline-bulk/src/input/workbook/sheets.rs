//! The parts of a workbook, and the search for the wanted sheet.

use std::collections::HashMap;

use super::markup::attribute;
use super::package::Package;
use crate::input::problem::shown;
use crate::input::{Hidden, InputError, InputOptions};

/// The paths of the parts that are read.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) sheet: Sheet,
    /// The sheets that are not read.
    pub(super) others: Vec<Sheet>,
    pub(super) texts: String,
    pub(super) styles: String,
}

/// One part's link to another.
struct Relationship {
    /// The last word of the address that names the kind: there are two families of such addresses.
    kind: String,
    path: String,
}

/// By id: a workbook may have as many of both as fit into it, so none is searched for.
type Relationships = HashMap<String, Relationship>;

/// A sheet with cells.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) is_visible: bool,
}

/// Maximum number of sheets, and of links, in a workbook.
const COUNT: usize = 10_000;

impl Parts {
    /// Finds the parts, with the sheet that was named or the first one that can be seen.
    pub(super) fn of(package: &mut Package<'_>, options: &InputOptions) -> Result<Self, InputError> {
        let workbook = relationships(package, "")?
            .into_values()
            .find(|link| link.kind == "officeDocument")
            .map_or_else(|| "xl/workbook.xml".to_owned(), |link| link.path);
        let links = relationships(package, &workbook)?;
        let linked = |kind: &str, usual: &str| {
            let link = links.values().find(|link| link.kind == kind);
            link.map_or_else(|| resolved(&workbook, usual), |link| link.path.clone())
        };
        let (texts, styles) = (
            linked("sharedStrings", "sharedStrings.xml"),
            linked("styles", "styles.xml"),
        );
        let mut others = sheets(package, &workbook, &links)?;
        let sheet = others.remove(wanted(&others, options)?);
        if !sheet.is_visible && options.hidden != Some(Hidden::Include) {
            return Err(InputError::Hidden {
                what: format!("the sheet {:?} is hidden", shown(&sheet.name)),
            });
        }
        Ok(Self {
            sheet,
            others,
            texts,
            styles,
        })
    }
}

/// The links of a part, by the ids that it uses; the part with an empty path is the archive itself.
fn relationships(package: &mut Package<'_>, part: &str) -> Result<Relationships, InputError> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let Some(mut markup) = package.part(&format!("{folder}/_rels/{name}.rels"))? else {
        return Ok(Relationships::new());
    };
    let mut links = Relationships::new();
    while let Some(start) = markup.next_start()? {
        if start.local_name().as_ref() != "Relationship" {
            continue;
        }
        let (id, kind, target) = (
            attribute(&start, "Id")?.unwrap_or_default(),
            attribute(&start, "Type")?.unwrap_or_default(),
            attribute(&start, "Target")?.unwrap_or_default(),
        );
        let link = Relationship {
            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
            path: resolved(part, &target),
        };
        links.insert(id.into_owned(), link);
        if links.len() > COUNT {
            return Err(InputError::BrokenWorkbook("it has too many links".to_owned()));
        }
    }
    Ok(links)
}

/// The sheets with cells, in their order.
fn sheets(package: &mut Package<'_>, workbook: &str, links: &Relationships) -> Result<Vec<Sheet>, InputError> {
    let missing = || InputError::BrokenWorkbook("there is no workbook in it".to_owned());
    let mut markup = package.part(workbook)?.ok_or_else(missing)?;
    let mut sheets = Vec::new();
    while let Some(start) = markup.next_start()? {
        if start.local_name().as_ref() != "sheet" {
            continue;
        }
        let id = attribute(&start, "id")?.unwrap_or_default();
        let Some(link) = links.get(&*id) else {
            return Err(InputError::BrokenWorkbook("one of its sheets is missing".to_owned()));
        };
        // Others have a chart, or a dialog.
        if link.kind == "worksheet" {
            sheets.push(Sheet {
                name: attribute(&start, "name")?.unwrap_or_default().into_owned(),
                path: link.path.clone(),
                is_visible: attribute(&start, "state")?.is_none_or(|state| state == "visible"),
            });
            if sheets.len() > COUNT {
                return Err(InputError::BrokenWorkbook("it has too many sheets".to_owned()));
            }
        }
    }
    Ok(sheets)
}

/// Finds the sheet that was named, or the first visible one.
fn wanted(sheets: &[Sheet], options: &InputOptions) -> Result<usize, InputError> {
    let found = match &options.sheet {
        Some(wanted) => sheets
            .iter()
            .position(|sheet| sheet.name == *wanted)
            .or_else(|| sheets.iter().position(|sheet| sheet.name.eq_ignore_ascii_case(wanted))),
        None => sheets
            .iter()
            .position(|sheet| sheet.is_visible)
            .or((!sheets.is_empty()).then_some(0)),
    };
    found.ok_or_else(|| InputError::NoSheet {
        wanted: options.sheet.clone().unwrap_or_default(),
        found: names(sheets.iter()),
    })
}

/// The names of sheets, as a sentence has them: the first of very many.
pub(super) fn names<'s>(sheets: impl ExactSizeIterator<Item = &'s Sheet>) -> String {
    const NAMED: usize = 16;
    let more = sheets.len().saturating_sub(NAMED);
    let mut names: Vec<String> = sheets.take(NAMED).map(|sheet| shown(&sheet.name)).collect();
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}

/// The path that a part means by a target: from the root, or from the folder that the part is in.
fn resolved(part: &str, target: &str) -> String {
    let mut path: Vec<&str> = match part.rsplit_once('/') {
        Some((folder, _)) if !target.starts_with('/') => folder.split('/').collect(),
        _ => Vec::new(),
    };
    for segment in target.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => drop(path.pop()),
            name => path.push(name),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_seen_from_where_they_are_named() {
        for (part, target, expected) in [
            ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            (
                "xl/workbook.xml",
                "/xl/worksheets/sheet1.xml",
                "xl/worksheets/sheet1.xml",
            ),
            ("xl/workbook.xml", "../sheets/./a.xml", "sheets/a.xml"),
            ("xl/workbook.xml", "worksheets\\sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("workbook.xml", "sheet.xml", "sheet.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl/workbook.xml", "../../../a", "a"),
        ] {
            assert_eq!(resolved(part, target), expected, "{part} {target}");
        }
    }
}
