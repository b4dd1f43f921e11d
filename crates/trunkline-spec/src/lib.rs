#![doc = "spec"]
