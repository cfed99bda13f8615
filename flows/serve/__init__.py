"""`rectify run`: one command that starts, watches and stops everything on the embedded default.

The supervisor imports neither Prefect nor the database, so that watching costs little; each part is a child process.
"""
