"""Sound as files and devices: look into media, keep a copy, give 16 kHz blocks, record, repair."""
