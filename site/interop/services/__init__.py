"""What connected systems may do."""
