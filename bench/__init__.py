"""What the platform's speed is measured with; see README.md."""
