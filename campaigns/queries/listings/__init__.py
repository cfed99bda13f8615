"""Every table of the pages as rows for programs and spreadsheets, read by key in bounded pieces."""
