"""One module per family of item types; `schema.registry` lists them all."""
