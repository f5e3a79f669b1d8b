"""Write docs/areas: one page for each area's arrangements in plugins/. Run it from the root.

The same pages come from `cspr requirements AREA --format markdown`, one at a time.
"""

from pathlib import Path

from cspr_core.check import rules_for
from cspr_core.plugins import in_directory
from cspr_core.report.area_page import area_page

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Write each page, and say which."""
    for area in in_directory(ROOT / "plugins"):
        path = ROOT / "docs" / "areas" / f"{area}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = area_page(rules_for(area, ROOT / "plugins"))
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
