"""Who is who over time, and where everybody is now."""
