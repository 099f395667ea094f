"""Protocol: typed messages shared by client and server; pure data."""
