"""Is it alive, is it ready: for supervisors and monitors, in plain JSON without secrets."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Heartbeat

WORKER = "worker"
WORKER_MAY_BE_SILENT = timedelta(minutes=3)


@require_safe
@never_cache
def process(request: HttpRequest) -> HttpResponse:
    """Answer as long as this process can answer at all; asks nothing of others."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readiness(request: HttpRequest) -> HttpResponse:
    """Answer 200 only when database, migrations and worker are all well; else 503 saying which is not."""
    parts = checks()
    ready = all(part == "ok" for part in parts.values())
    response = JsonResponse({"status": "ok" if ready else "failing", "checks": parts}, status=200 if ready else 503)
    if not ready:
        response["Retry-After"] = "30"
    return response


def checks() -> dict[str, str]:
    """Return each dependency with "ok" or what is wrong with it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            return {"database": "ok", "migrations": f"{len(waiting)} not applied", "worker": "unknown"}
        return {"database": "ok", "migrations": "ok", "worker": _worker()}
    except DatabaseError:
        return {"database": "not answering", "migrations": "unknown", "worker": "unknown"}


def _worker() -> str:
    beat = Heartbeat.objects.filter(name=WORKER).first()
    if beat is None:
        return "never seen"
    silent = timezone.now() - beat.beaten_at
    return "ok" if silent < WORKER_MAY_BE_SILENT else f"silent for {int(silent.total_seconds() // 60)} minutes"
