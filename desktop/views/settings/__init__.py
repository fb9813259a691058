"""The settings dialog: `dialog` lists the pages, each of which is a module."""
