"""What the product costs beside the least any program could do for the same work (README.md says how to read it)."""
