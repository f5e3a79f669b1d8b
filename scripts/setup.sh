#!/usr/bin/env bash
# Make .venv, the environment that everything else runs in, with the Python at hand.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh

python=$(python_at_hand)
find_uv "$python"
make_environment .venv "$python"
# So that a check starts quickly; what is made is read only while it is exactly true.
.venv/bin/python -m cspr_core.compiling >/dev/null
