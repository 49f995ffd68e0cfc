"""Every page about bookings: the producer's and the staff's."""

from bookings.urls import people, producer, staff

urlpatterns = producer.urlpatterns + staff.urlpatterns + people.urlpatterns
