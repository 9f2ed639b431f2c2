"""What breaks such apps in the field, checked one by one, with what to do about it."""
