"""What people write, read in one way: phones, numbers, names and texts. Pure but for the fields that keep names' keys."""
