#!/bin/sh
# Installs the packages of /packages for a musl platform where nothing else is, and runs the programs with them. Then without the
# native part, which has to be named.
set -eu
work=$(mktemp -d)
cd "$work"
cp /packaged/programs/program.mjs /packaged/programs/program.cjs .
npm init --yes >/dev/null
npm install --no-audit --no-fund --omit=optional /packages/trunkline-[0-9]*.tgz "/packages/trunkline-$1-"*.tgz
for program in program.mjs program.cjs; do
  [ "$(node $program)" = "8 users, true NotFoundError" ]
done
rm -r "node_modules/@trunkline/$1"
if node program.cjs 2>said; then exit 1; fi
grep -q "is not installed: the package @trunkline/$1" said
echo "$1 works on musl"
