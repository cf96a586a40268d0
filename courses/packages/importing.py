"""From a package to a course folder: drafts, review, publishing, export and progress work as for every course."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from django.conf import settings

from courses.catalogue.archives import Archive, Limits
from courses.catalogue.sections import Fault
from courses.packages.manifests import Item, Link, Manifest, PackageRefusedError, Standard, read_manifest
from courses.packages.questions import Assessment, assessment_of
from courses.packages.slugs import slug_of

MOST_LESSONS = 99  # their files are named by two digits
LONGEST_TITLE, LONGEST_SUMMARY = 200, 1000
LONGEST_DOWNLOAD = 50_000_000  # bytes
RESERVED = ("assessment", "files", "play")  # addresses of other pages
SPECIAL_SIGNS = re.compile(r"([\\`*_{}\[\]<>#!|~&])")


@dataclass(frozen=True, kw_only=True)
class About:
    """What a package does not say of itself. `minutes` of learning are shared out evenly to the lessons."""

    code: str
    minutes: int
    tags: list[str]
    level: str = "beginner"
    language: str = "en"
    position: int = 100
    title: str = ""  # else the one in the manifest
    pass_mark: int = 80  # per cent, where the package brings questions


@dataclass(frozen=True, kw_only=True)
class ImportedPackage:
    """The course folder: files that were made, and those of the package, read when they are asked for.

    It is `courses.catalogue.folders.CourseFiles` as long as the archive is open. `left_out` names all that was not
    taken over.
    """

    name: str
    archive: Archive
    made: dict[str, bytes]
    kept: dict[str, str]  # name in the archive by path in the course
    left_out: list[Fault] = field(default_factory=list)

    def paths(self) -> list[str]:
        return sorted([*self.made, *self.kept])

    def size(self, path: str) -> int:
        return len(self.made[path]) if path in self.made else self.archive.size_of(self.kept[path])

    def read(self, path: str) -> bytes:
        """Raises `courses.catalogue.archives.ArchiveRefusedError` for a file that is damaged in the archive."""
        return self.made[path] if path in self.made else self.archive.read(self.kept[path])


def package_limits() -> Limits:
    """What a package may hold on this installation."""
    return Limits(packed=settings.MAX_PACKAGE_BYTES)


def import_package(archive: Archive, about: About) -> ImportedPackage:
    """The course that the package is. Raises `PackageRefusedError` where nothing in it can be taken here.

    SCORM 1.2 and 2004, cmi5 and Common Cartridge are known. Each item becomes a lesson, each bank of questions a pool
    of the assessment. The package's own files lie under `package/`, byte for byte.
    """
    inside = archive.without_single_folder()
    manifest = read_manifest(inside, language=about.language)
    refuse_too_many(manifest)
    assessment = assessment_of(manifest, inside, language=about.language)
    kept = kept_files(inside, manifest) | assessment.pictures
    refuse_nothing(manifest, assessment, about)
    made = {"course.yaml": description(manifest, about), **assessment.files(about.pass_mark)}
    minutes = about.minutes // len(manifest.items)
    for name, item in numbered(manifest.items):
        made[name] = lesson(item, manifest.standard, minutes, kept)
    return ImportedPackage(name=about.code, archive=inside, made=made, kept=kept, left_out=manifest.left_out)


def refuse_too_many(manifest: Manifest) -> None:
    lessons = len(manifest.items)
    if lessons > MOST_LESSONS:
        raise PackageRefusedError(f"The package has {lessons} items; a course has at most {MOST_LESSONS}. Split it.")


def refuse_nothing(manifest: Manifest, assessment: Assessment, about: About) -> None:
    if not manifest.items:
        reasons = " ".join(f"{fault.message}." for fault in manifest.left_out[:5])
        has = "It has questions, and a course needs a lesson beside them." if assessment.questions else reasons
        raise PackageRefusedError(f"Nothing in this package can be played. {has}".strip())
    if about.minutes < len(manifest.items):
        raise PackageRefusedError(f"{about.minutes} minutes are too few for {len(manifest.items)} lessons.")


def description(manifest: Manifest, about: About) -> bytes:
    title = shortened(about.title or manifest.title or about.code, LONGEST_TITLE)
    said = {
        "code": about.code,
        "title": title,
        "summary": shortened(manifest.description or title, LONGEST_SUMMARY),
        "language": about.language,
        "level": about.level,
        "minutes": about.minutes,
        "tags": about.tags,
        "position": about.position,
    }
    return yaml_lines(said).encode()


def shortened(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def yaml_lines(said: dict[str, object]) -> str:
    """YAML with a line for each key, however long, and no line break within a text."""
    return "".join(
        yaml.safe_dump({key: value}, allow_unicode=True, width=1_000_000, default_style='"' if is_odd(value) else None)
        for key, value in said.items()
    )


def is_odd(value: object) -> bool:
    """Whether the text would be written over several lines, or could end the fence that it stands in."""
    return isinstance(value, str) and ("`" in value or not value.isprintable())


def numbered(items: list[Item | Link]) -> Iterator[tuple[str, Item | Link]]:
    """Each with the name of its lesson's file."""
    taken = set[str](RESERVED)
    for number, item in enumerate(items, start=1):
        slug = slug_of(item.title, taken)
        taken.add(slug)
        yield f"{number:02}-{slug}.md", item


def kept_files(archive: Archive, manifest: Manifest) -> dict[str, str]:
    """The package's files by their path in the course; hidden ones are left out, as in every course folder."""
    hidden = [name for name in archive.names if any(part.startswith(".") for part in name.split("/"))]
    for name in hidden:
        manifest.leave_out(name, "hidden files are not kept")
    kept = {f"package/{name}": name for name in archive.names if name not in hidden}
    kept.update(downloads(archive, manifest))
    return kept


def downloads(archive: Archive, manifest: Manifest) -> dict[str, str]:
    """The files that items offer for download, each a second time where downloads lie."""
    found = dict[str, str]()
    for link in [item for item in manifest.items if isinstance(item, Link) and item.is_file]:
        if archive.size_of(link.address) > LONGEST_DOWNLOAD:
            manifest.items.remove(link)
            manifest.leave_out(f"download “{link.title}”", f"it has more than {LONGEST_DOWNLOAD:,} bytes")
        elif link.address not in found.values():
            stem, _, ending = link.address.rpartition("/")[2].rpartition(".")
            taken = {path.removeprefix("files/").rpartition(".")[0] for path in found}
            found[f"files/{slug_of(stem, taken)}.{ending.lower()}"] = link.address
    return found


def lesson(item: Item | Link, standard: Standard, minutes: int, kept: dict[str, str]) -> bytes:
    front = yaml_lines({"title": shortened(item.title, LONGEST_TITLE), "minutes": min(minutes, 600)})
    body = fence(item, standard) if isinstance(item, Item) else link_line(item, kept)
    return f"---\n{front}---\n{body}".encode()


def fence(item: Item, standard: Standard) -> str:
    """How a lesson says that an item of a package is played in it."""
    said: dict[str, object] = {
        "standard": str(standard),
        "item": item.identifier,
        "launch": f"package/{item.launch}",
        "mastery": item.mastery,
        "move_on": str(item.move_on),
        "parameters": item.parameters,
        "entitlement": item.entitlement,
        "threshold": item.threshold,
        "time_allowed": item.time_allowed,
        "at_time_limit": item.at_time_limit,
        "window": "own" if item.needs_own_window else "",
    }
    return f"```package\n{yaml_lines({key: value for key, value in said.items() if value})}```\n"


def link_line(link: Link, kept: dict[str, str]) -> str:
    address = link.address
    if link.is_file:
        address = next(path for path, name in kept.items() if name == link.address and path.startswith("files/"))
    words = SPECIAL_SIGNS.sub(r"\\\1", shortened(link.title, LONGEST_TITLE))
    return f"[{words}](<{address}>)\n"
