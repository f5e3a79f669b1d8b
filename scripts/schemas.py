"""Write the JSON Schemas anew, from the models, the vocabulary and fields.yaml.

Run from the repository's root: `.venv/bin/python scripts/schemas.py`.
"""

from pathlib import Path

from cspr_core import schemas
from cspr_core.schemas.making import make_text

for kind in schemas.KINDS:
    path = Path(schemas.__file__).with_name(schemas.file_name(kind))
    text = make_text(kind)
    path.write_text(text, encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(text) // 1000} kB")
