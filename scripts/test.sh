#!/usr/bin/env bash
# Run the whole suite: on the Python at hand with coverage, again without durable-rules, and on
# each further Python that is found. Every run is made, whatever the ones before it gave; the exit
# status is 1 if any failed. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh

summary=()
failed=0

# Run the suite in environment $1; $2 says what the run is; the rest goes to pytest.
run() {
    local directory=$1 what=$2 engines="the reference engine alone" outcome=passed
    shift 2
    if has_durable_rules "$directory"; then engines="durable-rules and the reference engine"; fi
    what="$what ($("$directory/bin/python" -c 'import platform; print(platform.python_version())'), $engines)"
    say "" "== $what"
    "$directory/bin/python" -m pytest -n auto --maxprocesses=4 "$@" || outcome=FAILED
    [ $outcome = passed ] || failed=1
    summary+=("$what: $outcome")
}

python=$(python_at_hand)
at_hand=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
find_uv "$python"

make_environment .venv "$python"
bash scripts/language_server.sh
coverage=(--cov --cov-report=term-missing:skip-covered)
# Without durable-rules its adapter can't be covered, and the floor of 100% would be out of reach.
if ! has_durable_rules .venv; then coverage+=(--cov-fail-under=0); fi
# Counting lines makes random cases slow, and they find no further lines: the engines are compared,
# and the properties tried, over all their cases in a run of its own.
CSPR_EXAMPLES="${CSPR_EXAMPLES:-100}" run .venv "The Python at hand" "${coverage[@]}" "$@"
run .venv "Engines compared and properties" tests/engine/test_compare.py tests/test_properties.py

# From here on it is the environment that is tried: fewer random cases will do, the longest tests
# and those of a caseload have been passed once (the table engine's own run everywhere), and the
# schemas have shown what an editor makes of them.
quick=(-m "not slow and not caseload")
export HYPOTHESIS_PROFILE="${HYPOTHESIS_PROFILE:-quick}" CSPR_EXAMPLES="${CSPR_EXAMPLES:-100}"
export CSPR_LANGUAGE_SERVER=off

make_environment .venvs/reference "$python" without
if has_durable_rules .venvs/reference; then
    fail "durable-rules is in .venvs/reference, where it must not be: remove that folder."
fi
run .venvs/reference "Without durable-rules" "${quick[@]}" "$@"

for version in 3.11 3.12 3.13 3.14; do
    if [ "$version" = "$at_hand" ]; then continue; fi
    if ! other=$(find_python "$version"); then
        summary+=("Python $version: skipped, no interpreter found")
        continue
    fi
    make_environment ".venvs/$version" "$other"
    run ".venvs/$version" "Python $version" "${quick[@]}" "$@"
done

say "" "== Summary"
printf '%s\n' "${summary[@]}"
exit $failed
