//! The file: CSV, XLSX or JSONL, read into checked rows.
