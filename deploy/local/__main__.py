"""`python3 deploy/local WORD`: everything the Makefile's words do, with nothing but the standard library."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before an older Python trips over newer syntax
    sys.exit("kehu: Python 3.11 or newer is needed (set it with: make PYTHON=python3.12 ...)")

from stack.words import main

sys.exit(main(sys.argv[1:]))
