from django.urls import path

from . import views

urlpatterns = [
    path("masuk/", views.sign_in, name="sign_in"),
    path("keluar/", views.sign_out, name="sign_out"),
    path("akun/", views.account, name="account"),
    path("akun/kata-sandi/", views.change_password, name="change_password"),
    path("akun/perangkat-lain/", views.end_other_sessions, name="end_other_sessions"),
    path("bahasa/", views.choose_language, name="set_language"),
]
