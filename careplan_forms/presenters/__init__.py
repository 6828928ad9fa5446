"""What pages print, worked out before a template sees it."""
