"""The document of a job: one CMAF group, whose segments both HLS and DASH refer to.

https://docs.aws.amazon.com/mediaconvert/latest/apireference/jobs.html
"""

from typing import Any

from .config import Config, Rendition
from .uploads import Master

_FRAGMENT_SECONDS = 2
_SAMPLES = 48_000
_AUDIO = "Audio Selector 1"


def job(master: Master, config: Config) -> dict[str, Any]:
    """Return the request that has one video encoded; it is the same for the same upload."""
    return {
        "ClientRequestToken": master.token,
        "Queue": config.queue_arn,
        "Role": config.role_arn,
        "UserMetadata": {"bucket": master.bucket, "key": master.key, "version": master.version or "none"},
        "StatusUpdateInterval": "SECONDS_60",
        "Settings": {
            "TimecodeConfig": {"Source": "ZEROBASED"},
            "Inputs": [
                {
                    "FileInput": f"s3://{master.bucket}/{master.key}",
                    "TimecodeSource": "ZEROBASED",
                    "AudioSelectors": {_AUDIO: {"DefaultSelection": "DEFAULT"}},
                    "VideoSelector": {"ColorSpace": "FOLLOW", "Rotate": "AUTO"},
                }
            ],
            "OutputGroups": [_group(master, config)],
        },
    }


def _group(master: Master, config: Config) -> dict[str, Any]:
    return {
        "Name": "HLS and DASH",
        "OutputGroupSettings": {
            "Type": "CMAF_GROUP_SETTINGS",
            "CmafGroupSettings": {
                "Destination": f"s3://{config.bucket}/{config.renditions_prefix}{master.stem(config)}/index",
                "WriteHlsManifest": "ENABLED",
                "WriteDashManifest": "ENABLED",
                "SegmentControl": "SEGMENTED_FILES",
                "SegmentLength": config.segment_seconds,
                "FragmentLength": _FRAGMENT_SECONDS,
                "CodecSpecification": "RFC_6381",
                "ManifestDurationFormat": "FLOATING_POINT",
            },
        },
        "Outputs": [*(_video(rendition) for rendition in config.renditions), _sound(config.audio_kbps)],
    }


def _video(rendition: Rendition) -> dict[str, Any]:
    shared: dict[str, Any] = {
        "RateControlMode": "QVBR",
        "MaxBitrate": rendition.kbps * 1000,
        "QualityTuningLevel": "SINGLE_PASS_HQ",
        "FramerateControl": "INITIALIZE_FROM_SOURCE",
        "GopSizeUnits": "SECONDS",
        "GopSize": _FRAGMENT_SECONDS,
    }
    codecs: dict[str, dict[str, Any]] = {
        "H_264": {"Codec": "H_264", "H264Settings": shared},
        # Apple's players take H.265 in this packaging alone.
        "H_265": {"Codec": "H_265", "H265Settings": {**shared, "WriteMp4PackagingType": "HVC1"}},
    }
    return {
        "NameModifier": f"_{rendition.name}",
        "ContainerSettings": {"Container": "CMFC"},
        "VideoDescription": {"Height": rendition.height, "CodecSettings": codecs[rendition.codec]},
    }


def _sound(kbps: int) -> dict[str, Any]:
    return {
        "NameModifier": "_audio",
        "ContainerSettings": {"Container": "CMFC"},
        "AudioDescriptions": [
            {
                "AudioSourceName": _AUDIO,
                "CodecSettings": {
                    "Codec": "AAC",
                    "AacSettings": {
                        "Bitrate": kbps * 1000,
                        "CodingMode": "CODING_MODE_2_0",
                        "SampleRate": _SAMPLES,
                    },
                },
            }
        ],
    }
