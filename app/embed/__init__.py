"""What partners put on their sites: cards to frame, custom elements, oEmbed, and the builder of snippets."""
