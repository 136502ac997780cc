"""A simulated telephone company: Twilio's REST API, a mainland SMS gateway, an SMTP sink and a page of telephones,
with faults to order.

For development, demonstrations and tests. It reaches nothing but the desk it is given, and the desk never imports it.
"""

from dutydesk.simulator.accounts import Account
from dutydesk.simulator.faults import Fault
from dutydesk.simulator.phones import LiveCall, Mailbox, Phone
from dutydesk.simulator.telco import Telco

__all__ = ["Account", "Fault", "LiveCall", "Mailbox", "Phone", "Telco"]
