"""Makes what Linux installs from the application in dist/: a Debian package, and an archive for everything else.

    python -m scripts.package_linux

Both hold one tree, which is laid out for /usr: the archive can be unpacked into /usr/local or ~/.local as well.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from core.paths import DESKTOP_ID, PROGRAM

TOP = Path(__file__).resolve().parent.parent
DIST = TOP / "dist"
TREE = TOP / "build" / "linux" / "usr"
FILES = TOP / "installers" / "linux"

C_LIBRARY = re.compile(r"(ld-linux[\w-]*|lib(c|dl|m|mvec|pthread|resolv|rt))\.so\.\d")
DEPENDS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libasound.so.2": "libasound2 | libasound2t64",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxcb.so.1": "libxcb1",
}
"""The libraries that the application takes from the system, by the Debian packages that have them."""
RECOMMENDS = {
    "libcups.so.2": "libcups2 | libcups2t64",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""Those that only a part of it needs, which is left alone where they are missing: printing, and Wayland."""
HELPFUL = ("libpulse0", "xdg-desktop-portal", "fonts-dejavu-core | fonts-liberation | fonts-noto-core")

CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: The Meeting Transcriber authors
Installed-Size: {size}
Depends: libc6 (>= {libc}), {depends}
Recommends: {recommends}
Section: sound
Priority: optional
Description: record meetings, turn them into text and minutes
 Meetings are transcribed and summarised on this computer; nothing leaves it unless
 you ask for it. Every line of the minutes leads to the second it was said.
"""


def project() -> dict[str, str]:
    """The name, version and description of pyproject.toml."""
    found: dict[str, str] = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def lay_out(application: Path, tree: Path) -> None:
    """Puts the application and what makes a desktop know it where they belong below /usr."""
    shutil.rmtree(tree, ignore_errors=True)
    inside = tree / "lib" / PROGRAM
    shutil.copytree(application, inside, symlinks=True, copy_function=os.link)
    (tree / "bin").mkdir()
    (tree / "bin" / PROGRAM).symlink_to(f"../lib/{PROGRAM}/{PROGRAM}")
    for source, place in (
        (FILES / f"{DESKTOP_ID}.desktop", f"applications/{DESKTOP_ID}.desktop"),
        (FILES / f"{DESKTOP_ID}.metainfo.xml", f"metainfo/{DESKTOP_ID}.metainfo.xml"),
        (TOP / "resources/icons/app.svg", f"icons/hicolor/scalable/apps/{DESKTOP_ID}.svg"),
    ):
        target = tree / "share" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    licences = [
        (TOP / name).read_text(encoding="utf-8") for name in ("LICENSE", "resources/licences/README.md")
    ]
    (tree / f"share/doc/{PROGRAM}").mkdir(parents=True)
    (tree / f"share/doc/{PROGRAM}/copyright").write_text("\n".join(licences), encoding="utf-8")
    changes = (TOP / "CHANGELOG.md").read_bytes()
    (tree / f"share/doc/{PROGRAM}/changelog.gz").write_bytes(gzip.compress(changes, mtime=0))
    for path in tree.rglob("*"):  # whatever the builder's own mask is
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def validate(tree: Path) -> None:
    """Has the desktop's own tools read what they will read, where they are installed."""
    for command, file in (
        (("desktop-file-validate",), f"applications/{DESKTOP_ID}.desktop"),
        (("appstreamcli", "validate", "--no-net"), f"metainfo/{DESKTOP_ID}.metainfo.xml"),
    ):
        if shutil.which(command[0]):
            subprocess.run([*command, str(tree / "share" / file)], check=True)


def binaries(tree: Path) -> list[Path]:
    """The programs and libraries in `tree`."""
    return [file for file in tree.rglob("*") if file.is_file() and not file.is_symlink() and is_binary(file)]


def is_binary(file: Path) -> bool:
    """Whether it is a program or a library of Linux."""
    with file.open("rb") as content:
        return content.read(4) == b"\x7fELF"


def check_needs(tree: Path) -> None:
    """Exits where something in `tree` needs a library that neither lies there nor is known to be the system's."""
    found = binaries(tree)
    said = subprocess.run(["readelf", "-d", *found], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", said)) - {file.name for file in tree.rglob("*.so*")}
    unknown = {name for name in needed if not C_LIBRARY.fullmatch(name)} - DEPENDS.keys() - RECOMMENDS.keys()
    if unknown:
        sys.exit(
            f"Nothing brings {', '.join(sorted(unknown))}: add their packages to scripts/package_linux.py."
        )


def libc_needed(tree: Path) -> str:
    """The newest version of the C library that something in `tree` asks for."""
    asked = (re.findall(rb"\0GLIBC_2\.(\d+)(?=\0)", file.read_bytes()) for file in binaries(tree))
    return f"2.{max(int(minor) for minors in asked for minor in minors)}"


def debian(tree: Path, folder: Path) -> Path:
    """The Debian package of `tree`, in `folder`."""
    about = project()
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    size = sum(file.lstat().st_size for file in tree.rglob("*"))
    control = tree.parent / "DEBIAN" / "control"
    control.parent.mkdir(exist_ok=True)
    control.write_text(
        CONTROL.format(
            name=about["name"],
            version=about["version"],
            architecture=architecture,
            size=size // 1024,
            libc=libc_needed(tree),
            depends=", ".join(DEPENDS.values()),
            recommends=", ".join((*RECOMMENDS.values(), *HELPFUL)),
        ),
        encoding="utf-8",
    )
    package = folder / f"{about['name']}_{about['version']}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(tree.parent), str(package)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return package


def archive(tree: Path, folder: Path) -> Path:
    """`tree` as one compressed archive in `folder`."""
    name = f"{PROGRAM}-{project()['version']}-linux-{os.uname().machine}"
    packed = folder / f"{name}.tar.xz"
    command = ["tar", "--owner=0", "--group=0", f"--transform=s,^usr,{name},S", "-I", "xz -1 -T0"]
    subprocess.run([*command, "-cf", str(packed), "-C", str(tree.parent), "usr"], check=True)
    return packed


def main() -> int:
    """Makes both; the exit status."""
    lay_out(DIST / PROGRAM, TREE)
    validate(TREE)
    check_needs(TREE)
    made = [archive(TREE, DIST)]
    if shutil.which("dpkg-deb"):
        made.append(debian(TREE, DIST))
    for file in made:
        print(f"{file.relative_to(TOP)}: {file.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
