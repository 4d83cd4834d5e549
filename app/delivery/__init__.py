"""Reading what is published: lists, documents, filters, facets, orders."""
