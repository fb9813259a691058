"""Qt item models of values; they ask nobody, commands fill them."""
