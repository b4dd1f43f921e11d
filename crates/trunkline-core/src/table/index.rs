//! Finds the operation of a request by method and path, without comparing every operation.

use std::sync::OnceLock;

use hashbrown::HashMap;
use http::Method;

use super::operation::{OperationDescriptor, OperationTable, PathDescriptor};
use super::template::{Step, Steps};

/// Finds an operation without looking at every one.
#[derive(Debug, Default)]
pub(crate) struct OperationIndex {
    table: OperationTable,
    /// By the hash of method, first name and number of steps; made when first needed.
    buckets: OnceLock<HashMap<u64, Vec<Entry>>>,
}

/// A path of an operation, its template taken apart.
#[derive(Debug)]
struct Entry {
    operation: &'static OperationDescriptor,
    path: &'static PathDescriptor,
    template: Vec<Step<'static>>,
}

impl OperationIndex {
    pub(crate) fn new(table: OperationTable) -> Self {
        Self {
            table,
            buckets: OnceLock::new(),
        }
    }

    /// Like [`OperationTable::find`].
    pub(crate) fn find(
        &self,
        method: &Method,
        path: &str,
    ) -> Option<(&'static OperationDescriptor, &'static PathDescriptor)> {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let buckets = self.buckets.get_or_init(|| {
            let mut buckets: HashMap<_, Vec<_>> = HashMap::new();
            for operation in self.table.0 {
                for path in operation.paths {
                    let template = Steps::of(path.template);
                    let bucket: &mut Vec<Entry> = buckets
                        .entry(key_of(&operation.method, template.as_slice()))
                        .or_default();
                    bucket.push(Entry {
                        operation,
                        path,
                        template: template.as_slice().to_vec(),
                    });
                }
            }
            buckets
        });
        let path = Steps::of(path);
        let bucket = buckets.get(&key_of(method, path.as_slice()))?;
        bucket
            .iter()
            .filter(|entry| entry.operation.method == *method)
            .filter_map(|entry| Some((Steps::score(&entry.template, &path)?, entry)))
            .max_by_key(|(score, _)| *score)
            .map(|(_, entry)| (entry.operation, entry.path))
    }
}

/// Equal for every spelling of a path; the first step is a name in every template.
fn key_of(method: &Method, steps: &[Step<'_>]) -> u64 {
    // FNV-1a: these are few and ours, and the standard hash takes longer than the search it saves.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    method.as_str().bytes().for_each(&mut add);
    if let Some(Step::Name(name)) = steps.first() {
        name.bytes().for_each(|byte| add(byte.to_ascii_lowercase()));
    }
    add(u8::try_from(steps.len()).unwrap_or(u8::MAX));
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::CloudSet;

    const fn at(template: &'static str) -> PathDescriptor {
        PathDescriptor {
            template,
            clouds: CloudSet::ALL,
            delegated: None,
            application: None,
        }
    }

    static TABLE: OperationTable = OperationTable(&[
        OperationDescriptor {
            id: "users.get",
            paths: &[at("/users/{id}"), at("/me")],
            ..OperationDescriptor::UNKNOWN
        },
        OperationDescriptor {
            id: "users.delta",
            paths: &[at("/users/delta()")],
            ..OperationDescriptor::UNKNOWN
        },
        OperationDescriptor {
            id: "operations.get",
            paths: &[at("/admin/operations/{operation-id}")],
            ..OperationDescriptor::UNKNOWN
        },
        OperationDescriptor {
            id: "assign",
            method: Method::POST,
            paths: &[at("/admin/assignNumber")],
            ..OperationDescriptor::UNKNOWN
        },
        OperationDescriptor {
            id: "policy",
            paths: &[at("/admin/getPolicyId(type='{type}')")],
            ..OperationDescriptor::UNKNOWN
        },
    ]);

    #[test]
    fn finds_every_spelling() {
        for (path, expected) in [
            ("/users/ana", Some("users.get")),
            ("/users('ana')", Some("users.get")),
            ("/ME", Some("users.get")),
            ("/users/delta()", Some("users.delta")),
            ("/users/microsoft.graph.delta", Some("users.delta")),
            ("/admin/operations('x')?$select=id", Some("operations.get")),
            ("/Admin/Operations/x", Some("operations.get")),
            (
                "/admin/microsoft.graph.teamsAdministration.getPolicyId(type='x')",
                Some("policy"),
            ),
            ("/admin/assignNumber", None),
            ("/users/ana/phones", None),
            ("/users", None),
        ] {
            assert_eq!(
                TABLE.find(&Method::GET, path).map(|(found, _)| found.id),
                expected,
                "{path}"
            );
            let index = OperationIndex::new(TABLE);
            assert_eq!(
                index.find(&Method::GET, path).map(|(found, _)| found.id),
                expected,
                "{path}"
            );
        }
        assert_eq!(
            TABLE
                .find(&Method::POST, "/admin/microsoft.graph.assignNumber")
                .unwrap()
                .0
                .id,
            "assign"
        );
        assert_eq!(TABLE.get("users.get").unwrap().path_of("/me").unwrap().template, "/me");
    }
}
