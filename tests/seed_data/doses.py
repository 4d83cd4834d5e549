"""How long a dose takes, worked out from a draft."""

from typing import Any

SECONDS_OF_A_MOVEMENT = 4


def session_seconds(dose: dict[str, Any]) -> int:
    """Seconds of one session: a repetition takes its hold, or four seconds, on each side that it is for."""
    repetition = int(dose.get("hold_seconds", SECONDS_OF_A_MOVEMENT)) * (2 if dose.get("per_side") else 1)
    sets = int(dose.get("sets", 1))
    return sets * int(dose.get("repetitions", 1)) * repetition + (sets - 1) * int(dose.get("rest_seconds", 0))
