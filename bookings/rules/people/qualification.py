"""Some machines are run by trained people only."""

from __future__ import annotations

from bookings.rules.base import Question, Rule, Setting
from bookings.rules.people.induction import taught
from facilities.errors import Reason

TRAINED = "terlatih"


def not_trained(q: Question) -> Reason | None:
    """For a machine that trained users run, the producer's people were taught its type, and it still counts."""
    needed = q.setting("qualification_required") and q.traits.level == TRAINED
    if q.party is None or not needed or taught(q, q.traits.type_code):
        return None
    return Reason(
        "not_qualified",
        id=f"Pelatihan untuk {q.traits.name} belum tercatat, atau sudah kedaluwarsa.",
        en=f"Training for {q.traits.name} is not on file, or no longer counts.",
        values={"lesson": q.traits.type_code},
        overridable=True,
        way_out_id="Minta pelatihan kepada petugas, atau pilih mesin yang dijalankan operator.",
        way_out_en="Ask the house for training, or choose a machine that an operator runs.",
    )


RULE = Rule(
    "qualification",
    165,
    not_trained,
    about_people=True,
    settings=(
        Setting(
            "qualification_required", "flag",
            id="Mesin untuk pengguna terlatih hanya bagi yang sudah dilatih: {}.",
            en="Machines for trained users only for those who were trained: {}.",
        ),
    ),
)  # fmt: skip
