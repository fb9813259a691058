"""What is seen: widgets that show values and call commands."""
