"""What `scripts/bench` measures: each figure beside its floor, taken in the same run, round by round. Nothing here is part of the desk."""
