"""DutyDesk: the event-driven hub of a city government's general duty room (政府总值班室)."""
