"""What the database itself keeps or works out, on both engines: `NoOverlap`, `Watched`, rows as texts, minutes."""
