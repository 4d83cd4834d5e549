"""Making the working copy public: pending changes, releases, history, rollbacks."""
