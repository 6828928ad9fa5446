"""How a flow is edited by rows: fields made from the flow language, and the way from a spec to rows and back."""
