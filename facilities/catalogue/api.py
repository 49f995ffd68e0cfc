"""The public catalogue: districts, houses, types, machines. Nothing here names a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router

from accounts.api_answers import answers, page_of, tagged
from accounts.schemas import Page, PageIn, slug_type
from facilities.catalogue import queries, schemas
from facilities.catalogue.opening import upcoming_closures
from facilities.occupancy.matrices import cells_of
from facilities.region import free_times
from facilities.time.hours import local_date

router = Router(tags=["catalogue"])

NEXT_FREE_MINUTES = 60
HouseSlug, MachineSlug = slug_type(40), slug_type(60)


@router.get("/districts", response=answers(Page[schemas.DistrictOut]), summary="Districts")
def list_districts(request: HttpRequest, asked: Query[PageIn]) -> Any:
    """The kabupaten and kota of the province, with the number of houses in each."""
    return page_of(queries.districts(), asked, lambda rows: [schemas.district_out(row) for row in rows])


@router.get("/facilities", response=answers(Page[schemas.FacilityOut]), summary="Houses")
def list_facilities(request: HttpRequest, asked: Query[schemas.FacilityFilter]) -> Any:
    """All houses, or those of one district."""
    found = queries.facilities()
    if asked.district:
        found = found.filter(district=asked.district)
    return page_of(found, asked, lambda rows: [schemas.facility_out(row) for row in rows])


@router.get("/facilities/{slug}", response=answers(schemas.FacilityPageOut, 304, 404), summary="One house")
def read_facility(request: HttpRequest, response: HttpResponse, slug: Path[HouseSlug]) -> Any:  # type: ignore[valid-type]
    """A house with its rules, weekly hours, and what shuts it in the coming year."""
    house = queries.facilities().filter(slug=slug).first()
    if house is None:
        raise Http404
    today = local_date(timezone.now(), house.zone)
    closures = upcoming_closures([house], first=today, last=today + timedelta(days=366))[house.pk]
    made = schemas.facility_page_out(house, hours=house.opening_hours.all(), closures=closures)
    return tagged(request, response, made, version=house.version)


@router.get("/facilities/{slug}/changeovers", response=answers(schemas.ChangeoversOut, 404), summary="Changeovers")
def read_changeovers(request: HttpRequest, slug: Path[HouseSlug]) -> Any:  # type: ignore[valid-type]
    """The cleaning between any two classes at a house: its own figures, else the province's, else the default."""
    house = queries.facilities().filter(slug=slug).first()
    if house is None:
        raise Http404
    return schemas.changeovers_out(house, cells_of(house.pk))


@router.get("/machine-types", response=answers(Page[schemas.MachineTypeOut]), summary="Machine types")
def list_machine_types(request: HttpRequest, asked: Query[PageIn]) -> Any:
    """The kinds of machines, what they pack, and the rates their makers state."""
    return page_of(queries.machine_types(), asked, lambda rows: [schemas.machine_type_out(row) for row in rows])


@router.get("/machines", response=answers(Page[schemas.MachineOut]), summary="Machines")
def list_machines(request: HttpRequest, asked: Query[schemas.MachineFilter]) -> Any:
    """Machines in service that match every filter given."""
    filters = asked.model_dump(exclude={"page", "page_size"})
    found = queries.listed_machines(on=timezone.localdate(), **filters)
    return page_of(found, asked, lambda rows: [schemas.machine_out(row) for row in rows])


@router.get("/machines/{slug}", response=answers(schemas.MachinePageOut, 304, 404), summary="One machine")
def read_machine(request: HttpRequest, response: HttpResponse, slug: Path[MachineSlug]) -> Any:  # type: ignore[valid-type]
    """A machine with what it packs, its tariff, and when it is next free for an hour."""
    now = timezone.now()
    machine = queries.in_service(timezone.localdate(now)).filter(slug=slug).first()
    if machine is None:
        raise Http404
    free = free_times.next_free([machine], now=now, minutes=NEXT_FREE_MINUTES).get(machine.pk)
    made = schemas.machine_page_out(machine, next_free_at=free)
    return tagged(request, response, made, version=machine.version)
