"""The health of the program: `checks` look at every part of it, `words` say what was found and what to do."""
