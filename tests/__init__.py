"""All tests. The folders of services are packages, so that pytest stops one's service before the next one's starts."""
