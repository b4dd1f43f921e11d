#![doc = "emulator"]
