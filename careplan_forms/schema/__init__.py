"""The form language: plain Python over one canonical JSON document.

Nothing is re-exported here, so that importing one part costs only that part. Start at `compiler.compile_form`
for everything that runs, `document` for bytes and hashes, `linter` and `diff` for the designer.
"""
