"""The JSON API for connected systems."""
