"""`python -m dutydesk` is the command `dutydesk`."""

from dutydesk.cli import main

if __name__ == "__main__":
    main()
