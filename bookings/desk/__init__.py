"""What every page of a house's staff needs: the house one works in, what can be done with a booking, instants as typed.

Doors: `views` (`at_counter`, `for_managers`), `actions`, `fields`.
"""
