"""Fields of forms about flows."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

MAX_FILE_BYTES = 1024 * 1024


class JSONFileField(forms.FileField):
    """A JSON file of at most 1 MB; its value is the upload."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "JSON, of at most 1 MB")
        super().__init__(widget=forms.FileInput(attrs={"accept": ".json,application/json"}), **kwargs)
        self.error_messages["empty"] = "The file is empty. Choose another"

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        file: UploadedFile | None = super().clean(data, initial)
        if file and (file.size is None or file.size > MAX_FILE_BYTES):
            raise forms.ValidationError("The file is larger than 1 MB. Choose another")
        return file
