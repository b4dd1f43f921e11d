//! The model as one compact binary: what Python and Node decode, name and check records from.
//!
//! Little endian. A head, then tables of records of fixed size, then lists, then the pool of strings:
//!
//! | At | What |
//! |---|---|
//! | 0 | `TLDB`, `u16` version 2, `u16` number of sections |
//! | 8 | per section: `u32` offset, `u32` number of entries (bytes, of the pool) |
//!
//! A string is the offset of its length (LEB128) and bytes in the pool. A list is the index of its length in the section
//! of lists, followed by its entries. `0xffff_ffff` is an absent string, `0xffff` an absent index. An item type is a
//! primitive (below `0x4000`), an enumeration (`0x4000` and index) or a structured type (`0x8000` and index). Types and
//! enumerations are sorted by namespace and name, so that names are found by halving.

mod operations;
mod pool;
mod schema;
mod table;

use crate::error::Error;
use crate::plan::Plan;
use pool::Pool;
use table::{ABSENT, ABSENT_INDEX, Section, Table, count, index};

/// Marks the format.
const MAGIC: &[u8; 4] = b"TLDB";
/// Its version.
const VERSION: u16 = 2;

/// Writes the blob of a plan.
pub(crate) fn write(plan: &Plan<'_>) -> Result<Vec<u8>, Error> {
    let mut pool = Pool::new();
    let schema::Schema {
        namespaces,
        types,
        properties,
        navigation,
        callables,
        parameters,
        enums,
        members,
        roots,
        ranges,
    } = schema::tables(plan, &mut pool)?;
    let operations::Operations { operations, paths } = operations::tables(plan, &mut pool)?;
    let grammars = pool.grammars();
    let (lists, strings) = pool.finish()?;
    let sections = [
        strings,
        lists,
        namespaces.section(),
        grammars.section(),
        types.section(),
        properties.section(),
        navigation.section(),
        callables.section(),
        parameters.section(),
        enums.section(),
        members.section(),
        roots.section(),
        operations.section(),
        paths.section(),
        ranges.section(),
    ];
    assemble(&sections)
}

fn assemble(sections: &[Section]) -> Result<Vec<u8>, Error> {
    let too_large = |_| Error::TooLarge { what: "bytes" };
    let mut blob = MAGIC.to_vec();
    blob.extend_from_slice(&VERSION.to_le_bytes());
    blob.extend_from_slice(&count(sections.len())?.to_le_bytes());
    let mut offset = blob.len() + sections.len() * 8;
    for section in sections {
        blob.extend_from_slice(&u32::try_from(offset).map_err(too_large)?.to_le_bytes());
        blob.extend_from_slice(&section.entries.to_le_bytes());
        offset += section.bytes.len();
    }
    for section in sections {
        blob.extend_from_slice(&section.bytes);
    }
    Ok(blob)
}
