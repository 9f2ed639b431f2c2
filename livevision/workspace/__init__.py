"""What an operator sets up, and what is found again the next time: cameras, layouts, windows, preferences."""
