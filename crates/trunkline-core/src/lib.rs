#![doc = "core"]
