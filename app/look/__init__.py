"""What pages and cards share: styles, wording, templates, what their addresses ask, the documents that they show."""
