#!/usr/bin/env node
// The command `trunkline`, as npm installs it. It loads the native part and nothing else of the package.

import { native } from "./native.js";

process.exitCode = native.runCommand(["trunkline", ...process.argv.slice(2)]);
