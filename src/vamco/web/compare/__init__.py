"""Units and indicators side by side over time, each pair with its verdict."""
