"""What those who run a site need: probes, metrics, logs without personal data, limits on how often somebody may ask."""
