//! The cost of a request against the published limits.

use http::Method;

use crate::request::operation::Operation;
pub use crate::table::limit::{LimitGroup, LimitScope, LimitTable, LimitUnit, LimitWindow};

/// The cost of one request against the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Charge {
    pub(crate) group: Option<&'static str>,
    is_write: bool,
    selects: bool,
    expands: bool,
    is_short: bool,
}

impl Charge {
    pub(crate) fn of(operation: &Operation) -> Self {
        let mut charge = Self {
            group: operation.group(),
            is_write: !matches!(*operation.method(), Method::GET | Method::HEAD),
            selects: false,
            expands: false,
            is_short: false,
        };
        for (name, value) in operation.query_options() {
            match name {
                "$select" => charge.selects = true,
                "$expand" => charge.expands = true,
                "$top" => charge.is_short = value.parse::<u32>().is_ok_and(|top| top < 20),
                _ => {}
            }
        }
        charge
    }

    /// How many of `unit` it costs where `prices` are those of its group.
    pub(crate) fn cost(&self, unit: LimitUnit, prices: &[(&str, i64)]) -> u64 {
        let price = |name: &str| prices.iter().find(|(known, _)| *known == name).map(|(_, price)| *price);
        match unit {
            LimitUnit::Request => 1,
            LimitUnit::Write => u64::from(self.is_write),
            LimitUnit::ResourceUnit => {
                let mut units = price(if self.is_write { "write" } else { "read" }).unwrap_or(1);
                for (name, applies) in [
                    ("select", self.selects),
                    ("expand", self.expands),
                    ("top_below_20", self.is_short),
                ] {
                    if applies {
                        units += price(name).unwrap_or(0);
                    }
                }
                u64::try_from(units.max(price("minimum").unwrap_or(1))).unwrap_or(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resource_units_follow_the_price_list() {
        let prices = [
            ("read", 1),
            ("write", 1),
            ("select", -1),
            ("expand", 1),
            ("top_below_20", -1),
            ("minimum", 1),
        ];
        let get = || Operation::get("/users");
        for (operation, units, writes) in [
            (get(), 1, 0),
            (get().query("$select", "id"), 1, 0),
            (get().query("$expand", "manager"), 2, 0),
            (get().query("$expand", "manager").query("$top", "5"), 1, 0),
            (get().query("$expand", "manager").query("$top", "999"), 2, 0),
            (Operation::post("/users"), 1, 1),
        ] {
            let charge = Charge::of(&operation);
            assert_eq!(charge.cost(LimitUnit::ResourceUnit, &prices), units, "{operation:?}");
            assert_eq!(charge.cost(LimitUnit::Write, &prices), writes, "{operation:?}");
            assert_eq!(charge.cost(LimitUnit::Request, &prices), 1);
        }
    }
}
