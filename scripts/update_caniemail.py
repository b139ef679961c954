"""Takes over caniemail's data anew: ``python scripts/update_caniemail.py [VERSION]``.

Fetches the npm package ``caniemail`` (MIT) with the ordinary client, ``npm pack``, which runs none
of its code, and writes what lint rules read of it beside ``newsletter/lint/caniemail``:
``data.json`` and ``LICENSE``. The same package gives the same bytes. Run it on purpose, look at
the difference, run the tests: a changed value may change what editors are told.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = "caniemail"
ROOM = Path(__file__).resolve().parents[1] / "newsletter" / "lint" / "caniemail"

# The package's own notice names those who packed the data. The data is that of caniemail.com,
# whose repository (hteumeuleu/caniemail, file LICENSE) carries the same text under this line.
DATA_COPYRIGHT = "Copyright (c) 2019 HTeuMeuLeu"


def main() -> None:
    """Fetch, condense, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    # A bare name would give the newest version that this machine's Node can run; we run nothing.
    parser.add_argument("version", nargs="?", default="latest", help="default: latest")
    version = parser.parse_args().version
    with tempfile.TemporaryDirectory() as folder:
        files = fetch(f"{PACKAGE}@{version}", Path(folder))
    package = json.loads(files["package.json"])
    data = condense(json.loads(files["data/caniemail.json"]), package["version"])
    (ROOM / "data.json").write_text(written(data), "utf-8")
    (ROOM / "LICENSE").write_text(notice(files["LICENSE"].decode()), "utf-8")
    sys.stdout.write(
        f"{PACKAGE} {data['version']}, data of {data['updated']}: "
        f"{len(data['features'])} features, {len(data['clients'])} mail programs\n"
    )


def fetch(spec: str, folder: Path) -> dict[str, bytes]:
    """The files of an npm package that are needed, by their path inside it."""
    subprocess.run(  # noqa: S603 - a fixed command
        ["npm", "pack", spec, "--silent", "--pack-destination", str(folder)],  # noqa: S607
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (archive,) = folder.glob("*.tgz")
    files = {}
    with tarfile.open(archive) as tar:
        for name in ("package.json", "data/caniemail.json", "LICENSE"):
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{archive.name} has no {name}")
            files[name] = member.read()
    return files


def condense(raw: dict[str, Any], version: str) -> dict[str, Any]:
    """What rules need of the data.

    Each feature's ``support`` has one value for each of ``clients``, in that order: ``y``, ``a``
    (partly), ``n`` or ``u`` (unknown), with the numbers of its notes (``a #1 #2``); empty if it
    was not tested.
    """
    clients = sorted(
        {
            f"{family}.{platform}"
            for feature in raw["data"]
            for family, platforms in feature["stats"].items()
            for platform in platforms
        }
    )
    names = raw["nicenames"]
    families = sorted({client.partition(".")[0] for client in clients})
    return {
        "version": version,
        "updated": raw["last_update_date"][:10],
        "families": {family: names["family"][family] for family in families},
        "clients": clients,
        "features": {
            feature["slug"]: {
                "title": feature["title"].strip(),
                "category": feature["category"],
                "tested": _day(feature["last_test_date"]),
                "support": [_latest(feature["stats"], client) for client in clients],
                "notes": feature["notes_by_num"] or {},
            }
            for feature in sorted(raw["data"], key=lambda feature: str(feature["slug"]))
        },
    }


def _latest(stats: dict[str, dict[str, dict[str, str]]], client: str) -> str:
    family, _, platform = client.partition(".")
    values = list(stats.get(family, {}).get(platform, {}).values())
    # The last one, not the highest: the file is kept in the order of testing, while names of
    # versions change their kind ("2021-10" before "16.80" for Outlook on macOS).
    return values[-1].strip() if values else ""


def _day(date: str) -> str:
    year, month, day = date.split("-")
    return f"{year}-{month:0>2}-{day:0>2}"


def written(data: dict[str, Any]) -> str:
    """The data as JSON with a line for each feature, so that a difference can be read."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    features = data["features"].items()
    head = [f"{line(key)}:{line(value)}" for key, value in data.items() if key != "features"]
    body = ",\n".join(f"{line(slug)}:{line(feature)}" for slug, feature in features)
    return "{\n" + ",\n".join(head) + ',\n"features":{\n' + body + "\n}}\n"


def notice(license_text: str) -> str:
    """The package's notice with the copyright line of the data."""
    title, _, rest = license_text.replace("\r\n", "\n").partition("\n\n")
    if title != "MIT License" or not rest.startswith("Copyright"):
        raise SystemExit("the licence of the package has changed: read it")
    return f"{title}\n\n{DATA_COPYRIGHT}\n{rest}"


if __name__ == "__main__":
    main()
