"""What reads the stream of events: analytics, AI and dashboards, each a function of its own."""
