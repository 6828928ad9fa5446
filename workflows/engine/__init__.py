"""What a flow is and how it is read: plain Python, no database, no web."""
