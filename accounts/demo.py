"""The demo sign-ins' one password. They exist only in demo data, marked `User.is_demo`."""

DEMO_PASSWORD = "demo-rumah-2026"
