"""The public catalogue."""

from django.urls import path

from facilities.views import houses, machines

urlpatterns = [
    path("rumah/", houses.houses, name="houses"),
    path("rumah/<slug:slug>/", houses.house, name="house"),
    path("mesin/", machines.catalogue, name="machines"),
    path("mesin/<slug:slug>/", machines.machine, name="machine"),
    path("cara-memesan/", houses.guide, name="how_to_book"),
]
