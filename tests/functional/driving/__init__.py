"""How the tests drive the browser: pages that watch themselves, axe, the keyboard, where things stand on a screen."""
