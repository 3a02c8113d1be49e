import pytest

from components.edge_layer.headers import content_security_policy
from tests.components.reading import inputs
from tests.support.recording import recorded


def test_pages_load_from_their_own_name_and_video_from_its() -> None:
    assert content_security_policy("video.fit.example", {}).split("; ") == [
        "default-src 'self'",
        "base-uri 'self'",
        "connect-src 'self' https://video.fit.example",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "frame-src 'self'",
        "img-src 'self' data: https://video.fit.example",
        "media-src 'self' blob: https://video.fit.example",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
    ]


def test_further_places_are_added() -> None:
    written = content_security_policy("video.fit.example", {"script-src": ("https://js.stripe.com",)})
    assert "script-src 'self' https://js.stripe.com" in written.split("; ")


@pytest.mark.parametrize("kind", ["pages", "assets", "images", "api", "video"])
def test_every_answer_is_secured(kind: str) -> None:
    found = inputs(recorded("prod"), f"edge-headers-{kind}")["securityHeadersConfig"]
    assert found.pop("contentSecurityPolicy")["override"] is True
    assert found == {
        "contentTypeOptions": {"override": True},
        "frameOptions": {"frameOption": "DENY", "override": True},
        "referrerPolicy": {"referrerPolicy": "strict-origin-when-cross-origin", "override": True},
        "strictTransportSecurity": {
            "accessControlMaxAgeSec": 63_072_000,
            "includeSubdomains": True,
            "preload": True,
            "override": True,
        },
    }


@pytest.mark.parametrize(
    ("kind", "kept"),
    [("assets", "public, max-age=31536000, immutable"), ("images", "public, max-age=2592000"), ("pages", None)],
)
def test_browsers_keep_files_whose_names_change(kind: str, kept: str | None) -> None:
    found = inputs(recorded("prod"), f"edge-headers-{kind}").get("customHeadersConfig", {"items": []})
    expected = [{"header": "Cache-Control", "value": kept, "override": True}] if kept else []
    assert found["items"] == expected


def test_pages_of_the_application_alone_play_videos() -> None:
    assert inputs(recorded("prod"), "edge-headers-video")["corsConfig"] == {
        "accessControlAllowCredentials": True,
        "accessControlAllowHeaders": {"items": ["Range"]},
        "accessControlAllowMethods": {"items": ["GET", "HEAD", "OPTIONS"]},
        "accessControlAllowOrigins": {"items": ["https://app.prod.fitness.example"]},
        "accessControlMaxAgeSec": 3600,
        "originOverride": True,
    }
