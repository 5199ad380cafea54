"""Settings, read once from the environment into one frozen object: the only reader of it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.domain.signing import Signature
from archive.errors import ArchiveError
from archive.kept_words import kept_word

_KEY_BYTES = 32
_MOST_NAME = 120  # characters


class SettingError(ArchiveError):
    """A FOOTNOTE_* variable has a value that cannot be used."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        self.name, self.value, self.wanted = name, value, wanted
        super().__init__(f"{name} is “{value}”, but it must be {wanted}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set from outside. `docs/settings.md` says what each is for."""

    data: Path
    database_url: str
    secret_key: str
    public_url: str  # "" when the archive has no fixed address; no slash at the end
    host: str
    port: int
    workers: int
    max_upload_bytes: int  # of one request
    max_uploads_bytes: int  # that one person may have sent, and are not received yet
    import_worker: bool  # whether `footnote serve` has a worker beneath it
    large_window: bool  # whether 2 GiB may be held to unpack a .zst file that comes by the web
    import_folder: Path | None  # from where archivists may import at the web
    suggestion_min_percent: int  # of blind votes must agree with a kind of suggestion for it to be shown; 0: any is
    moderator_names: Signature  # how decisions are signed where readers see them
    archive_name: str  # as citations have it
    api_per_minute: int  # requests of programs without a token, from one address; 0: without limit

    @property
    def behind_tls(self) -> bool:
        """Whether readers reach the archive over TLS, so that cookies must not travel without it."""
        return self.public_url.startswith("https://")


# name: what it defaults to, in the words of the documentation
VARIABLES: dict[str, str] = {
    "FOOTNOTE_DATA": "./footnote-data",
    "FOOTNOTE_DATABASE_URL": "SQLite in the data folder",
    "FOOTNOTE_SECRET_KEY": "made once and kept in the data folder",
    "FOOTNOTE_PUBLIC_URL": "none",
    "FOOTNOTE_HOST": "127.0.0.1",
    "FOOTNOTE_PORT": "5000",
    "FOOTNOTE_WORKERS": "1",
    "FOOTNOTE_MAX_UPLOAD_MIB": "64",
    "FOOTNOTE_MAX_LARGE_UPLOADS_GIB": "16",
    "FOOTNOTE_IMPORT_WORKER": "on",
    "FOOTNOTE_LARGE_WINDOW": "off",
    "FOOTNOTE_IMPORT_FOLDER": "none",
    "FOOTNOTE_SUGGESTION_MIN_PERCENT": "40",
    "FOOTNOTE_MODERATOR_NAMES": "name",
    "FOOTNOTE_ARCHIVE_NAME": "Footnote",
    "FOOTNOTE_API_PER_MINUTE": "300",
}


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, and make the data folder and the secret key where they are missing.

    :raises SettingError: if a variable has a value that cannot be used, or is not one of ours.
    """
    values = {
        name: value
        for name, value in (os.environ if environ is None else environ).items()
        if name.startswith("FOOTNOTE_") and value != ""
    }
    for name, value in values.items():
        if name not in VARIABLES:
            raise SettingError(name, value, f"one of {', '.join(VARIABLES)}")
    data = Path(values.get("FOOTNOTE_DATA", "./footnote-data")).expanduser().absolute()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret_key = values.get("FOOTNOTE_SECRET_KEY") or kept_word(data / "secret_key", size=_KEY_BYTES)
    except OSError as error:
        raise SettingError("FOOTNOTE_DATA", str(data), f"a folder that can be written ({error.strerror})") from error
    return Settings(
        data=data,
        database_url=values.get("FOOTNOTE_DATABASE_URL", f"sqlite:///{data / 'footnote.sqlite'}"),
        secret_key=secret_key,
        public_url=_web_address(values.get("FOOTNOTE_PUBLIC_URL", "")),
        host=values.get("FOOTNOTE_HOST", "127.0.0.1"),
        port=_number(values, "FOOTNOTE_PORT", default=5000, least=0, most=65_535),
        workers=_number(values, "FOOTNOTE_WORKERS", default=1, least=1, most=64),
        max_upload_bytes=_number(values, "FOOTNOTE_MAX_UPLOAD_MIB", default=64, least=1, most=4096) * 1024 * 1024,
        max_uploads_bytes=_number(values, "FOOTNOTE_MAX_LARGE_UPLOADS_GIB", default=16, least=1, most=4096) * 1024**3,
        import_worker=_switch(values, "FOOTNOTE_IMPORT_WORKER", default="on"),
        large_window=_switch(values, "FOOTNOTE_LARGE_WINDOW", default="off"),
        import_folder=_folder(values, "FOOTNOTE_IMPORT_FOLDER"),
        suggestion_min_percent=_number(values, "FOOTNOTE_SUGGESTION_MIN_PERCENT", default=40, least=0, most=100),
        moderator_names=Signature(_word(values, "FOOTNOTE_MODERATOR_NAMES", [*Signature])),
        archive_name=_name(values.get("FOOTNOTE_ARCHIVE_NAME", "Footnote")),
        api_per_minute=_number(values, "FOOTNOTE_API_PER_MINUTE", default=300, least=0, most=1_000_000),
    )


def _number(values: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    text = values.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise SettingError(name, text, f"a whole number from {least} to {most}")
    return int(text)


def _switch(values: Mapping[str, str], name: str, *, default: str) -> bool:
    return _word({name: default, **values}, name, ["on", "off"]) == "on"


def _word(values: Mapping[str, str], name: str, words: Sequence[str]) -> str:
    text = values.get(name, words[0])
    if text not in words:
        raise SettingError(name, text, " or ".join(words))
    return text


def _name(text: str) -> str:
    if not text.strip() or not text.isprintable() or len(text) > _MOST_NAME:
        raise SettingError("FOOTNOTE_ARCHIVE_NAME", text, f"a name of at most {_MOST_NAME} characters, on one line")
    return text.strip()


def _folder(values: Mapping[str, str], name: str) -> Path | None:
    if name not in values:
        return None
    path = Path(values[name]).expanduser().absolute()
    if not path.is_dir():
        raise SettingError(name, str(path), "a folder that exists")
    return path.resolve()


def _web_address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise SettingError("FOOTNOTE_PUBLIC_URL", text, "an address that starts with http:// or https://")
    return text.rstrip("/")
