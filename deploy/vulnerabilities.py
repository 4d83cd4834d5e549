"""Whether a package that Limber is run with has a known vulnerability: `pip-audit` over the pins of requirements.txt.

The pins are complete and have hashes, so that nothing is resolved or installed. The advisories are those of PyPI; where
that is not reached, or another registry answers in its place, this says what was not scanned, and is no failure.
"""

import json
import subprocess
import sys
from pathlib import Path

PINS = Path(__file__).resolve().parent.parent / "requirements.txt"
OPTIONS = ("--disable-pip", "--require-hashes", "--format=json", "--progress-spinner=off", "--timeout=10")


def main() -> int:
    """Prints what is vulnerable, or what was not scanned and why; 1 where something is vulnerable."""
    command = [sys.executable, "-m", "pip_audit", *OPTIONS, "-r", str(PINS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        reason = done.stderr.strip().splitlines()[-1:] or ["it did not say why"]
        print(f"NOT SCANNED for vulnerabilities: pip-audit could not ask for advisories ({reason[0][:200]}).")
        return 0
    skipped = [each["name"] for each in found if "skip_reason" in each]
    vulnerable = [(each, known) for each in found for known in each.get("vulns", ())]
    for package, known in vulnerable:
        mended = ", ".join(known["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']} has {known['id']}, mended in {mended}.")
    if skipped:
        named = ", ".join(skipped[:3])
        print(f"NOT SCANNED for vulnerabilities: {len(skipped)} of {len(found)} packages ({named}, ...):"
              " the registry that answers here has no advisories of them.")  # fmt: skip
    else:
        print(f"{len(found)} packages were scanned for vulnerabilities; {len(vulnerable)} were found.")
    return 1 if vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
