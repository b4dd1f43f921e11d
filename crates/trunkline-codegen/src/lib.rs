#![doc = "codegen"]
