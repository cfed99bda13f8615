"""The demonstration: invented places and people, a whole 2023 action replayed with the real actions, and two campaigns under way:
the city's 百日攻坚 and a county's own beside it.
"""
