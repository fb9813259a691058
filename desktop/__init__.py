"""The window: Qt views and models over `core`, which does the work and never imports Qt."""
