"""What pages and cards share: styles, wording, templates, query parameters, and the documents that they show."""
