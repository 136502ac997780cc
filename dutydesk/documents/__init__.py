"""What is printed: one value says it, templates an office edits shape it, a process of its own makes the files."""
