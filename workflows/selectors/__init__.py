"""Questions asked of flows; each takes the viewer where the answer depends on who asks."""
