"""What services need to use the buckets."""

from collections.abc import Mapping

from components.backing import Backing
from components.far_side import CopiesHere, key_aliases
from components.media_pipeline.buckets import MASTERS
from components.naming import Naming
from components.policy_documents import allow, allow_key
from components.private_bucket import KnownBucket, PrivateBucket


def access(
    buckets: Mapping[str, PrivateBucket | KnownBucket],
    tasks: tuple[str, ...],
    naming: Naming,
    copies: CopiesHere | None = None,
) -> Backing | None:
    """Return what lets tasks upload masters, and read and write images and documents; nothing for no tasks.

    Deleting hides an object behind a marker: versions stay out of reach.
    """
    if not tasks:
        return None
    images, documents = f"{buckets['images'].arn}/*", f"{buckets['documents'].arn}/*"
    return Backing(
        environment={f"BUCKET_{kind.upper()}": buckets[kind].bucket_name for kind in ("videos", "images", "documents")},
        tasks=frozenset(tasks),
        statements=[
            allow(
                ["s3:AbortMultipartUpload", "s3:PutObject"], f"{buckets['videos'].arn}/{MASTERS}*", sid="UploadMasters"
            ),
            allow(
                ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                [images, documents],
                sid="KeepImagesAndDocuments",
            ),
            *(
                allow_key(
                    ["kms:Decrypt", "kms:GenerateDataKey"],
                    naming.arn("kms", "key/*"),
                    key_aliases(naming, key, copies),
                    sid=sid,
                    condition={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
                )
                for key, sid in (("media", "EncryptVideosAndImages"), ("data", "EncryptDocuments"))
            ),
        ],
    )
