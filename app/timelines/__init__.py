"""Time: how long a dose takes, and what a player plays."""
