"""What people see: pages, cards to frame, the custom elements, oEmbed, the embed builder and the look of all of it.

Reads published documents alone. Templates and styles stand beside the code, in `templates/` and `static/`.
"""
