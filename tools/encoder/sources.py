"""Readers of the text sources: each yields documents, a document being one string of plain prose."""

import gzip
import re
import zipfile

# The most sentences taken of a source, so that dictionaries do not drown prose; the rest give all they have.
CAPS = {"wordnet": 60_000, "gcide": 60_000, "pros_cons": 30_000}
# In the archives, but no English prose: notes on the data, other languages, chat rooms' greetings.
SKIPPED = re.compile(r"/$|README|categories|cats|\.dtd|finnish|french|german|portug|swed|nps_chat")
# Archives whose lines are texts of their own, rather than parts of one text.
BY_LINE = ("webtext", "pros_cons")
TAGGED = ("brown", "masc_tagged")


def wordnet(files):
    """Glosses with their examples: what follows the bar on a line of data.*."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (files / f"usr/share/wordnet/data.{part}").read_text(encoding="utf-8").splitlines():
            if " | " in line:
                meanings = line.split(" | ", 1)[1].split(";")
                yield " ".join(m.strip().strip('"').rstrip(".") + "." for m in meanings if len(m.split()) > 3)


def dictionary(name):
    """A reader of a dictd dictionary: its entries' paragraphs, without the notes in brackets."""

    def read(files):
        with gzip.open(files / f"usr/share/dictd/{name}.dict.dz", "rt", encoding="utf-8", errors="replace") as file:
            text = re.sub(r"\[[^\]]*\]|\{|\}|<[^>]*>", " ", file.read())
        for paragraph in text.split("\n\n"):
            # An entry begins at the margin with its headword and the pronunciation; its definitions are indented.
            lines = [line.strip() for line in paragraph.splitlines() if line.startswith(" ")]
            yield re.sub(r"^(\d+\.|\([a-z]\)|--|Defn:)\s*", "", " ".join(lines))

    return read


def fortunes(files):
    for path in sorted((files / "usr/share/games/fortunes").iterdir()):
        if not path.suffix:
            yield from path.read_text(encoding="utf-8", errors="replace").split("\n%\n")


def gnome(files):
    """The help pages' paragraphs."""
    for path in sorted((files / "usr/share/help/C").rglob("*.page")):
        for paragraph in re.findall(r"<p>(.*?)</p>", path.read_text(encoding="utf-8"), re.S):
            yield re.sub(r"<[^>]*>", "", paragraph)


def developers_reference(files):
    for path in sorted((files / "usr/share/developers-reference/_sources").glob("*.rst.txt")):
        for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
            yield re.sub(r":\w+:|[`*_]", "", paragraph)


PACKAGE_READERS = {
    "wordnet": wordnet,
    "gcide": dictionary("gcide"),
    "devil": dictionary("devil"),
    "fortunes": fortunes,
    "gnome": gnome,
    "developers-reference": developers_reference,
}


def untagged(text):
    """Words of `word/tag` or `word_TAG` text."""
    return re.sub(r"(\S+?)[/_][A-Za-z$*.,:()'`+\-]+(?=\s|$)", r"\1", text)


def without_markup(text):
    """Without XML's tags and the marks that the product reviews put before a sentence."""
    return re.sub(r"<[^>]*>|\[t\]|^\S+\[[+-]\d\][^#]*##|##", " ", text, flags=re.M)


def corpora(folder):
    """Zip files of NLTK's data: (the archive's name, one text) each."""
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for member in sorted(archive.namelist()):
                if SKIPPED.search(member):
                    continue
                text = archive.read(member).decode("latin-1")
                text = without_markup(untagged(text) if path.stem in TAGGED else text)
                for document in text.split("\n") if path.stem in BY_LINE else [text]:
                    yield path.stem, document
