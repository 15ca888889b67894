"""The drill `fresh` (``make fresh``): both commands of the README on an empty Debian 12, and its lines for curl.

What a developer's machine happens to have hides a missing step of the installation. So a Debian is made from nothing in
a folder, with python3, git, make and curl in it and nothing else; in it the last commit is cloned, `make up` is run,
the README's lines are pasted into a shell beside it, and then `make test` is run. As root, with the network of this
machine; all of it ends and goes when the script does. It takes a quarter of an hour and is no part of `make drills`.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "deploy" / "local")]

from stack.output import Trouble, say, told  # noqa: E402
from stack.servers import install  # noqa: E402

PACKAGES = "python3,git,make,curl,ca-certificates"
CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")
OUTSIDE = re.compile(
    r"^(PIP_(?!FIND_LINKS)|(https?|no)_proxy$|.*_CA_BUNDLE$|SSL_CERT_|GIT_SSL_)", re.IGNORECASE
)
"""The variables by which a machine says how it reaches the package registries."""

INSIDE = """
set -eu
cd /root
git -c advice.detachedHead=false clone -q kehu.bundle kehu
cd kehu
# Runs all of it until its console is there, and says how long that took. Arguments: what it is called, its budget.
runs() {
    began=$SECONDS
    make up > up.log 2>&1 & up=$!
    until curl -fs http://127.0.0.1:8080/health/ready > /dev/null; do
        kill -0 $up || { tail -n 40 up.log; exit 1; }
        sleep 1
    done
    until grep -q 'Ctrl-C' up.log; do kill -0 $up || exit 1; sleep 1; done
    curl -fs -H 'Accept: text/html' http://127.0.0.1:8080/ | grep -q '<div id="root">'
    echo "fresh: $1 in $((SECONDS - began)) s (its budget: $2 s; load of the machine: $(cut -d' ' -f1 /proc/loadavg))"
}
ends() {
    make down
    wait $up || true
}
runs "up with the console, from nothing," 120
bash -eu -o pipefail /root/readme.sh
echo "fresh: README's lines done after $SECONDS s"
ends
runs "up again" 20
ends
make test
echo "fresh: tests done after $SECONDS s"
"""


def main() -> int:
    """Run the drill; non-zero if anything of it failed."""
    if os.geteuid() != 0:
        raise Trouble("the drill needs to be root: it makes a Debian of its own in a folder")
    if shutil.which("debootstrap") is None:
        install(["debootstrap"], "debootstrap")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kehu-fresh-") as folder:
        debian = Path(folder)
        debian.chmod(0o755)  # It is the root folder of all that runs in it, as whatever user.
        with told("making an empty Debian 12", every=30):
            made = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", folder]
            run(made, stdout=subprocess.DEVNULL)
        shutil.copyfile("/" / CERTIFICATES, debian / CERTIFICATES)
        run(["git", "-C", str(ROOT), "bundle", "create", "-q", str(debian / "root/kehu.bundle"), "HEAD"])
        (debian / "root/drill.sh").write_text(INSIDE + "\n")
        (debian / "root/readme.sh").write_text(lines_for_curl())
        code = enter(debian)
    say(f"fresh: {'held' if code == 0 else 'FAILED'} after {time.monotonic() - began:.0f} s")
    return code


def lines_for_curl() -> str:
    """Return what the README tells its reader to paste into a shell."""
    found = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert len(found) == 1, "the README has one block of lines to paste"
    return str(found[0])


def enter(debian: Path) -> int:
    """Run the script in the empty Debian; its processes and mounts go with the namespaces they are in."""
    mounts = f"mount -t proc proc {debian}/proc && mkdir -p {debian}/dev/shm && mount -t tmpfs tmpfs {debian}/dev/shm"
    command = [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--propagation",
        "private",
        "sh",
        "-c",
    ]
    command += [f"{mounts} && exec chroot {debian} bash /root/drill.sh"]
    environment = {name: value for name, value in os.environ.items() if OUTSIDE.match(name)}
    environment |= {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


def run(command: list[str], stdout: int | None = None) -> None:
    """Run a command that must succeed."""
    done = subprocess.run(command, stdout=stdout, check=False)
    if done.returncode != 0:
        raise Trouble(f"{command[0]} ended with {done.returncode}")


if __name__ == "__main__":
    # So that what it started and made goes too when it is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(f"kehu: {trouble}")
