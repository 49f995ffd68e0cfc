"""What a house sets, and the machines it has: its page, hours, closed days, rules, changeovers, machines and their lines.

Pages, and the API of holidays; the verbs are those of `facilities.setup`, and `rules.services` for rules. Door: `urls`.
"""
