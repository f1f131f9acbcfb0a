"""Other systems' shapes of what a study holds: registries, CDISC, FHIR."""
