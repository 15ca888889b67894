"""The few facts about customers that finance keeps a copy of: their names, and who was merged into whom."""
