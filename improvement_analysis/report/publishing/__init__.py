"""What stands in the output folder: pages shown whole, the manifest, the index, and what is up to date."""
