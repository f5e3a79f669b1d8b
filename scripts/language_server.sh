#!/usr/bin/env bash
# Fetch yaml-language-server, which the tests of the schemas speak to, into .tools. Where Node.js or
# npm is missing, or nothing can be fetched, one line says so and the tests that need it are skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=1.25.0
directory=.tools/yaml-language-server
package=$directory/node_modules/yaml-language-server/package.json

if [ -f "$package" ] && grep -q "\"version\": \"$version\"" "$package"; then exit; fi
for program in node npm; do
    if ! command -v $program >/dev/null; then
        echo "Set-up: $program is not installed; the tests with yaml-language-server are skipped."
        exit
    fi
done
echo "Set-up: fetching yaml-language-server $version into .tools."
mkdir -p "$directory"
# Nothing that a package brings along is run, and no lock file is made: it would name a host.
if ! npm install --prefix "$directory" --no-save --no-package-lock --ignore-scripts --no-audit \
    --no-fund --cache .tools/cache/npm "yaml-language-server@$version" \
    >.tools/yaml-language-server.log 2>&1; then
    tail -n 3 .tools/yaml-language-server.log >&2
    echo "Set-up: yaml-language-server could not be fetched; the tests with it are skipped."
fi
