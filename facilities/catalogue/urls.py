"""The public catalogue."""

from django.urls import path

from facilities.catalogue import house_views, machine_views

urlpatterns = [
    path("rumah/", house_views.houses, name="houses"),
    path("rumah/<slug:slug>/", house_views.house, name="house"),
    path("mesin/", machine_views.catalogue, name="machines"),
    path("mesin/<slug:slug>/", machine_views.machine, name="machine"),
    path("cara-memesan/", house_views.guide, name="how_to_book"),
]
