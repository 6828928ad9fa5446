"""A place for files that have no address of their own: they leave through a view that asks who wants them."""

from typing import NoReturn

from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible


@deconstructible(path="core.private_storage.PrivateStorage")
class PrivateStorage(FileSystemStorage):
    """A folder that is served by nothing; its files can be read by the service's own account alone."""

    def url(self, name: str | None) -> NoReturn:
        raise ValueError("files kept here have no address of their own")
