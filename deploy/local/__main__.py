"""`python3 deploy/local WORD`: everything the Makefile's words do, with nothing but the standard library."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before an older Python trips over newer syntax
    sys.exit("kehu: Python 3.11 or newer is needed (set it with: make PYTHON=python3.12 ...)")

from stack.words import main

# Whatever is written from here on (passwords, logs, the data of the servers) is for its owner; folders may be passed
# through, since PostgreSQL runs as somebody else.
os.umask(0o066)

sys.exit(main(sys.argv[1:]))
