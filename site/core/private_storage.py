"""A place for files that have no address of their own: they leave through a view that asks who wants them."""

from typing import NoReturn

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="core.private_storage.PrivateStorage")
class PrivateStorage(FileSystemStorage):
    """The folder PLAN_FILES_ROOT, served by nothing; only the service's own account reads what lies in it."""

    def __init__(self) -> None:
        super().__init__(
            location=settings.PLAN_FILES_ROOT, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def url(self, name: str | None) -> NoReturn:
        raise ValueError("files kept here have no address of their own")
