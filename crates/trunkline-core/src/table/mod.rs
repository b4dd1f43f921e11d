//! Types and operations at run time, as data: tables that the generator writes into a program, and tables that are read from
//! bytes. Knows no request and no client.

pub mod descriptor;
pub mod descriptors;
