"""Flows in the words and shapes pages print."""
