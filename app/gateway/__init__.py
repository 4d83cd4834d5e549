"""Between the server and the application: who holds a thread, and for how long."""
