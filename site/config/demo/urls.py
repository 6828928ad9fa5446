"""Addresses of the practice world."""

from django.urls import path

from config.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.personas, name="personas"),
    path("as/<slug:key>/", views.sign_in, name="sign-in"),
]
