# Shared by the scripts beside it: finding Pythons that really run, finding or fetching uv, and
# making an environment. Nothing here writes outside the clone. It is sourced, never run.
#
# Works with bash 3.2 on. A script sets `-euo pipefail` and goes to the clone's root before it.
# shellcheck shell=bash

# The uv that is fetched where none is found, and the oldest that knows `extra-build-variables`.
UV_FETCHED=0.13.9
UV_OLDEST="(0, 9, 0)"

# A cache in the clone keeps everything in one place; one that the user has set is respected.
export UV_CACHE_DIR="${UV_CACHE_DIR:-$PWD/.tools/cache}"
export UV_PYTHON_DOWNLOADS=never
# An activated environment of another project must not be mistaken for ours.
unset VIRTUAL_ENV PYTHONHOME

say() { printf '%s\n' "$@"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 2
}

# Print the real path of interpreter $1 if it runs and the Python expression $2 on its
# version_info `v` holds; else return 1. (A pyenv shim may be there, and fail.)
running_python() {
    "$1" -c "
import os, sys, sysconfig
v = sys.version_info[:2]
odd = sys.implementation.name != 'cpython' or sysconfig.get_config_var('Py_GIL_DISABLED')
if odd or not ($2):
    sys.exit(1)
base = getattr(sys, '_base_executable', None) or sys.executable
print(os.path.realpath(base))
" 2>/dev/null
}

# Print the path of a running CPython of version $1 (3.12, say), or return 1. Looked for on PATH
# (every entry of it), where pyenv keeps its versions, and among those that uv already has.
find_python() {
    local version=$1 candidate versions
    versions="v == (${version/./, })"
    while IFS= read -r candidate; do
        [ -n "$candidate" ] && running_python "$candidate" "$versions" && return 0
    done <<EOF
$(type -aP "python$version" || true)
$(type -aP python3 || true)
$(ls -d "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python3 2>/dev/null || true)
$(ls -d "$HOME/.pyenv/versions/$version".*/bin/python3 2>/dev/null || true)
EOF
    if candidate=$(command -v uv) && candidate=$(uv python find --no-project "$version" 2>/dev/null); then
        running_python "$candidate" "$versions" && return 0
    fi
    return 1
}

# Print the Python at hand: $PYTHON if set, else the first that runs of python3, python and the
# versions that we test with. Python 3.11 or later, or the script ends with status 2.
python_at_hand() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        running_python "$PYTHON" "v >= (3, 11)" && return 0
        fail "PYTHON=$PYTHON does not run or is older than Python 3.11. Name another interpreter."
    fi
    for candidate in python3 python; do
        running_python "$candidate" "v >= (3, 11)" && return 0
    done
    for candidate in 3.13 3.12 3.11 3.14; do
        find_python "$candidate" && return 0
    done
    fail "No Python 3.11 or later found. Install one, or name it: make PYTHON=/path/to/python3 ..."
}

# Whether uv at $1 runs and is new enough.
uv_serves() {
    local version
    version=$("$1" --version 2>/dev/null) || return 1
    "$2" -c "
import re, sys
found = re.match(r'uv (\d+)\.(\d+)\.(\d+)', sys.argv[1])
sys.exit(not (found and tuple(map(int, found.groups())) >= $UV_OLDEST))
" "$version"
}

# Set UV to a uv that serves, fetched with pip into .tools/uv by the Python $1 where there is none.
find_uv() {
    local candidate
    for candidate in uv .tools/uv/bin/uv; do
        if command -v "$candidate" >/dev/null && uv_serves "$candidate" "$1"; then
            UV=$candidate
            return
        fi
    done
    say "Set-up: fetching uv $UV_FETCHED into .tools/uv."
    mkdir -p .tools
    if ! { "$1" -m venv --clear .tools/uv &&
        .tools/uv/bin/python -m pip --disable-pip-version-check --no-cache-dir \
            install --quiet "uv==$UV_FETCHED"; } >.tools/uv.log 2>&1; then
        tail -n 5 .tools/uv.log >&2
        fail "uv could not be fetched: it takes Python's venv and pip, and a package registry."
    fi
    UV=.tools/uv/bin/uv
}

has_durable_rules() { "$1/bin/python" -c 'import durable_rules_engine' 2>/dev/null; }

# Say in a few words why durable-rules can't be built for the Python $1.
why_not_built() {
    "$1" - "$2" <<'EOF'
import os
import shlex
import shutil
import sys
import sysconfig

compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")[0]
header = os.path.join(sysconfig.get_path("include"), "Python.h")
if not shutil.which(compiler):
    print(f"no C compiler ({compiler})")
elif not os.path.exists(header):
    print(f"no Python headers ({header})")
else:
    print(f"it does not build here (see {sys.argv[1]})")
EOF
}

# Make or refresh environment $1 with the Python $2; `without` as $3 leaves durable-rules out.
# Where durable-rules can't be built, one line says so and the environment is made without it.
make_environment() {
    local directory=$1 python=$2 log
    log=.tools/$(basename "$directory").log
    mkdir -p .tools
    local sync=("$UV" sync --python "$python")
    if [ ! -x "$directory/bin/python" ]; then
        say "Set-up: making $directory with Python $("$python" -c 'import platform; print(platform.python_version())')."
    fi
    if [ "${3:-with}" = with ]; then
        if UV_PROJECT_ENVIRONMENT=$directory "${sync[@]}" >"$log" 2>&1; then
            has_durable_rules "$directory" && return
            say "Set-up: durable-rules is left out, it does not load here; the reference engine takes over."
        elif grep -q 'Failed to build .durable-rules' "$log"; then
            say "Set-up: durable-rules is left out, $(why_not_built "$python" "$log"); the reference engine takes over."
            log=.tools/$(basename "$directory")-without.log
        else
            cat "$log" >&2
            fail "Set-up of $directory failed; what uv said stands above."
        fi
    fi
    if ! UV_PROJECT_ENVIRONMENT=$directory "${sync[@]}" --no-install-package durable-rules >"$log" 2>&1; then
        cat "$log" >&2
        fail "Set-up of $directory failed; what uv said stands above."
    fi
    # uv leaves a package alone that it was told not to install, should it be there already.
    "$UV" pip uninstall --python "$directory" durable-rules >>"$log" 2>&1 || true
}
