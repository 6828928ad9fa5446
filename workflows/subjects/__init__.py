"""What flows move that governance owns: adapters that know its records and follow its services."""
