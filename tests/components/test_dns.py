import pytest

from tests.components.reading import DNS, load, mistakes, stack_of

_DOMAIN = "a domain in lower case without a dot at its end, such as fit.example"
_ZONE = "the id of a hosted zone: Z, then capital letters and digits"


@pytest.mark.parametrize("domain", ["fit.example", "a.b-c.example", f"{'a' * 45}.example"])
def test_domains(domain: str) -> None:
    assert load(stack_of(dns=DNS | {"domain": domain})).dns.domain == domain


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"domain": "Fit.example"}, f'domain: found "Fit.example"; allowed: {_DOMAIN}'),
        ({"domain": "fit.example."}, f'domain: found "fit.example."; allowed: {_DOMAIN}'),
        ({"domain": "example"}, f'domain: found "example"; allowed: {_DOMAIN}'),
        ({"domain": "-fit.example"}, f'domain: found "-fit.example"; allowed: {_DOMAIN}'),
        (
            {"domain": f"{'a' * 46}.example"},
            f'domain: found "{"a" * 46}.example"; allowed: a domain of up to 53 characters',
        ),
        ({"hostedZoneId": "0EXAMPLE"}, f'hostedZoneId: found "0EXAMPLE"; allowed: {_ZONE}'),
        ({"hostedZoneId": "/hostedzone/Z1"}, f'hostedZoneId: found "/hostedzone/Z1"; allowed: {_ZONE}'),
        ({"hostedZoneID": "Z1"}, "hostedZoneID: unknown setting; did you mean hostedZoneId?"),
    ],
)
def test_mistakes(changes: dict[str, str], message: str) -> None:
    assert mistakes(stack_of(dns=DNS | changes)) == [f"fitness-platform:dns.{message}"]


def test_both_are_required() -> None:
    assert mistakes(stack_of(dns={})) == [
        f"fitness-platform:dns.domain: missing; allowed: {_DOMAIN}",
        f"fitness-platform:dns.hostedZoneId: missing; allowed: {_ZONE}",
    ]
