"""Each module has `build() -> list[Case]`; it first makes sure that what is measured gives the right answer."""
