"""Fetches the Debian packages whose English the encoder is made from, and unpacks them without installing them."""

import subprocess

PACKAGES = [
    "wordnet-base",
    "dict-gcide",
    "dict-devil",
    "fortunes",
    "developers-reference",
    "gnome-user-docs",
]


def unpack(cache):
    """The folder under `cache` that holds the packages' files; a second call downloads nothing."""
    archives, files = cache / "debs", cache / "files"
    archives.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        if not list(archives.glob(f"{package}_*.deb")):
            subprocess.run(["apt-get", "download", package], cwd=archives, check=True)
            archive = next(archives.glob(f"{package}_*.deb"))
            subprocess.run(["dpkg", "-x", archive, files], check=True)
    return files
