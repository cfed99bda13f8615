"""The demonstration: invented places and people, a whole 2023 action replayed with the real actions, and a live 百日攻坚."""
