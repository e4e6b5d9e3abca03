#!/bin/sh
# Makes the parser in Generated/ from NeuroSql.g4. With --check, exits 1 if Generated/ is not what
# the grammar gives. Needs Node 20 or later; npm fetches the pinned generator.
set -eu
cd "$(dirname "$0")"
target=Generated
if [ "${1:-}" = "--check" ]; then
  target=$(mktemp -d)
  trap 'rm -rf "$target"' EXIT
fi
if [ ! -x Generator/node_modules/.bin/antlr-ng ]; then
  (cd Generator && npm ci --ignore-scripts --no-audit --no-fund >&2)
fi
mkdir -p "$target"
Generator/node_modules/.bin/antlr-ng -Dlanguage=CSharp -p NeuroDb.Query.Generated \
  --generate-listener false --generate-visitor false \
  --exact-output-dir true -o "$target" NeuroSql.g4
rm -f "$target"/*.interp "$target"/*.tokens
# The generator stamps no path and no date; what it makes is public, and ours is internal.
sed -i \
  -e 's/^public partial class /internal partial class /' \
  -e '/^\[System.CLSCompliant(false)\]$/d' \
  -e 's/[[:space:]]*$//' \
  "$target"/NeuroSql.cs
if [ "$target" != Generated ]; then
  if ! diff -r "$target" Generated >&2; then
    echo "query/Syntax/Generated is not current: run query/Syntax/generate.sh" >&2
    exit 1
  fi
fi
