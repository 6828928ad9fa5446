"""Addresses of learning, under `learning/`."""

from django.urls import URLPattern, URLResolver, path

from content import views

app_name = "content"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.my_learning, name="my-learning"),
    path("lessons/<int:pk>/finish/", views.finish_lesson, name="finish-lesson"),
    path("results/<uuid:public_id>/", views.result, name="result"),
    path("certificates/", views.verify_certificate, name="certificate"),
    path("<slug:key>/quiz/", views.quiz, name="quiz"),
]
