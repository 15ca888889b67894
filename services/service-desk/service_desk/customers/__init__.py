"""The few facts about customers that the service desk keeps a copy of: their names, and who was merged into whom."""
