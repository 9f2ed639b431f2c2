"""What was detected of late, at a glance: counts of this moment, and a list with small pictures."""
