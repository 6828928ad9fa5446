"""Signing in: one door, a second factor by role."""
