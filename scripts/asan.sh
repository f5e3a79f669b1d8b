#!/usr/bin/env bash
# Build durable-rules from its source with AddressSanitizer and run the adapter's tests on it.
# First shows that such a build notices a bad use: two known ones must each end in a report.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh

python=$(python_at_hand)
find_uv "$python"
directory=.venvs/asan
make_environment "$directory" "$python" without

compiler=${CC:-gcc}
library=$("$compiler" -print-file-name=libasan.so 2>/dev/null || true)
[ -e "$library" ] || fail "This takes a compiler with AddressSanitizer: $compiler has no libasan.so."

# The version that every other environment has, named once, in pyproject.toml.
wanted=$("$python" -c '
import tomllib
with open("pyproject.toml", "rb") as file:
    pins = tomllib.load(file)["tool"]["uv"]["constraint-dependencies"]
print(next(pin for pin in pins if pin.startswith("durable-rules==")))')
say "Building $wanted with AddressSanitizer."
# --no-config: the settings in pyproject.toml would put their CPPFLAGS in place of these.
if ! env CC="$compiler" LDFLAGS=-fsanitize=address \
    CPPFLAGS="-DPyEval_CallObject=PyObject_CallObject -fsanitize=address -fno-omit-frame-pointer -g -O1" \
    "$UV" --no-config pip install --no-cache --reinstall --no-deps --no-binary durable-rules \
    --python "$directory" "$wanted" >.tools/asan-build.log 2>&1; then
    cat .tools/asan-build.log >&2
    fail "durable-rules did not build with AddressSanitizer."
fi

# Leaks are left aside: the interpreter itself keeps memory to its end. Python's own allocator
# would hide the use of freed memory, so it is not used. What is allocated is filled whole, not just
# its first 4 KB: the library's states are larger, and it must not read what it has not set.
options=detect_leaks=0:abort_on_error=0:max_malloc_fill_size=1048576
watched=(env LD_PRELOAD="$library" ASAN_OPTIONS=$options PYTHONMALLOC=malloc)

for use in inequality_last join_on_sid; do
    report=.tools/asan-$use.log
    if "${watched[@]}" "$directory/bin/python" scripts/asan_control.py $use >"$report" 2>&1 ||
        ! grep -q 'ERROR: AddressSanitizer' "$report"; then
        cat "$report" >&2
        fail "AddressSanitizer did not report the bad use $use: its silence would mean nothing."
    fi
    say "Control $use: $(grep -o 'AddressSanitizer: [a-zA-Z-]*' "$report" | head -n 1), as it must be."
done

"${watched[@]}" "$directory/bin/python" -m pytest -m "durable and not slow" -p no:cacheprovider "$@"
