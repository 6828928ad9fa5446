"""What the product costs, as CPU ratios to limits measured in the same run."""
