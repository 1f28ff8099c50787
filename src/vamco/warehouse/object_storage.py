"""Files in S3-compatible object storage, with a cache on this machine.

The query engine reads local files only; files never change, so a cached one is checked by its
SHA-256 once, when it is fetched.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError

from vamco.vocabulary.errors import Refused
from vamco.warehouse.local_storage import (
    LocalFolder,
    StagedFile,
    Stored,
    hash_and_sync,
    path_for,
    sha256_of,
)

_GONE = {"404", "NoSuchKey", "NotFound"}


class Bucket:
    """A bucket and prefix. Address and keys come from the usual AWS variables (AWS_ENDPOINT_URL_S3, …)."""

    def __init__(self, url: str, cache: Path) -> None:
        parts = urlsplit(url)
        self.bucket = parts.netloc
        self.prefix = parts.path.strip("/")
        self.cache = LocalFolder(cache)
        self.client: Any = boto3.client("s3")

    @property
    def root(self) -> Path:
        """The cache: what queries may read."""
        return self.cache.root

    def scratch(self) -> Path:
        """A new name in the cache's folder of unfinished files."""
        return self.cache.scratch()

    def keep(self, written: Path, n_rows: int) -> StagedFile:
        """Put the object, whose arrival the storage confirms by its checksum, then cache it."""
        digest, _ = hash_and_sync(written)
        path = path_for(digest)
        self.client.upload_file(
            str(written), self.bucket, self._key(path), ExtraArgs={"ChecksumAlgorithm": "SHA256"}
        )
        return self.cache.keep(written, n_rows)

    def local(self, path: str, sha256: str) -> Path:
        """The cached file, fetched and checked when it is not there."""
        cached = self.cache.local(path, sha256)
        return cached if cached.exists() else self._fetch(path, sha256)

    def digest(self, path: str) -> str | None:
        """SHA-256 of the object's bytes, read from the storage and not from the cache, or None."""
        try:
            body = self.client.get_object(Bucket=self.bucket, Key=self._key(path))["Body"]
        except ClientError as error:
            if _is_gone(error):
                return None
            raise
        digest = hashlib.sha256()
        for chunk in body.iter_chunks(1 << 20):
            digest.update(chunk)
        return digest.hexdigest()

    def size(self, path: str) -> int | None:
        """Bytes of the object, or None."""
        try:
            return int(self.client.head_object(Bucket=self.bucket, Key=self._key(path))["ContentLength"])
        except ClientError as error:
            if _is_gone(error):
                return None
            raise

    def stored(self) -> Iterator[Stored]:
        """Every object below the prefix."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self._key("")
        )
        for page in pages:
            for item in page.get("Contents", ()):
                path = item["Key"].removeprefix(self._key(""))
                yield Stored(path, item["Size"], item["LastModified"])

    def remove(self, path: str) -> None:
        """Delete the object and its cached copy."""
        self.client.delete_object(Bucket=self.bucket, Key=self._key(path))
        self.cache.remove(path)

    def _key(self, path: str) -> str:
        return f"{self.prefix}/{path}" if self.prefix else path

    def _fetch(self, path: str, sha256: str) -> Path:
        fetched = self.cache.scratch()
        try:
            self.client.download_file(self.bucket, self._key(path), str(fetched))
        except ClientError as error:
            raise FileNotFoundError(path) from error
        if sha256_of(fetched) != sha256:
            fetched.unlink()
            raise Refused("warehouse.altered_file", file=path)
        return self.cache.root / self.cache.keep(fetched, 0).path


def _is_gone(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in _GONE
