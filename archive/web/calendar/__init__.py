"""The calendar of a collection: years, months, days, and the threads of each day."""
