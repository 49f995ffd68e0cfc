"""Production's settings with traps and switches: the only way to any of them. See `traps`."""

import os

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, Q_CLUSTER

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.Faults"]

# A task that was cut off comes back within seconds, not minutes.
Q_CLUSTER = {**Q_CLUSTER, "timeout": 4, "retry": int(os.environ.get("RUMAH_RETRY", "6")), "guard_cycle": 0.2, "poll": 0.2}
