"""Tests of everything, mirroring the source. Nothing here may reach the network, whatever a library would like to report."""

import os

os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
