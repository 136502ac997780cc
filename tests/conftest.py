"""What all tests share: the services, and the rule that a skip is a failure where CI says so."""

pytest_plugins = ("tests.services",)
