"""Pages for people: the catalogue at `/`, exercises, routines, and the sitemap that lists them."""
