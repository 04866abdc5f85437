"""Tables in, tables out: what differs between scenarios, by how much, and how sure we are. Never sees a model."""
