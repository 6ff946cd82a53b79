"""Network modules. Nothing in here reads files or knows about variants."""
