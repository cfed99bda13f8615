"""`python -m flows.cli` is the console too."""

from flows.cli import main

main()
