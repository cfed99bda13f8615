"""What a bureau's documents say: the figures of each kind, from the same questions as the pages, with their sources."""
