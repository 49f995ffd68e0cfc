"""Things that break: mail servers that say no, processes that are killed, guards that are off. Tests only."""
