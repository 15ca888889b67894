"""``python -m gateway openapi``: print the merged OpenAPI document, without a broker."""

import sys

from gateway.app import app


def main(words: list[str]) -> int:
    """Print the document, or how to ask for it."""
    if words != ["openapi"]:
        sys.stderr.write("usage: python -m gateway openapi\n")
        return 2
    sys.stdout.buffer.write(app.state.document)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
