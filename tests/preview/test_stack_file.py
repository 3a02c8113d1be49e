from pathlib import Path

import pytest

from preview.errors import PreviewError
from preview.stack_file import StackConfig, load_stack


def _load(folder: Path, stack_file: str | bytes, project_file: str = "name: p\n") -> StackConfig:
    folder.joinpath("Pulumi.yaml").write_text(project_file, encoding="utf-8")
    text = stack_file if isinstance(stack_file, bytes) else stack_file.encode()
    folder.joinpath("Pulumi.x.yaml").write_bytes(text)
    return load_stack(folder, "x")


def _refusal(folder: Path, stack_file: str | bytes, project_file: str = "name: p\n") -> str:
    with pytest.raises(PreviewError) as caught:
        _load(folder, stack_file, project_file)
    return str(caught.value)


@pytest.mark.parametrize(
    ("yaml", "text"),
    [
        ("text", "text"),
        ('"5"', "5"),
        ("5", "5"),
        ("1.5", "1.5"),
        ("true", "true"),
        ("yes", "yes"),
        ("off", "off"),
        ("2026-11-22", "2026-11-22"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        ("[a, 1, true, null]", '["a", 1, true, null]'),
        ("{a: no, b: {c: 1}}", '{"a": "no", "b": {"c": 1}}'),
        ("{<<: {a: 1, b: 1}, b: 2}", '{"a": 1, "b": 2}'),
        ("{a: 0123}", '{"a": 123.0}'),
    ],
)
def test_values_are_texts_as_the_engine_hands_them_on(tmp_path: Path, yaml: str, text: str) -> None:
    assert _load(tmp_path, f"config: {{p:key: {yaml}}}").config == {"p:key": text}


def test_keys_without_a_namespace_are_the_projects(tmp_path: Path) -> None:
    assert _load(tmp_path, "config: {key: a, other:key: b}").config == {"p:key": "a", "other:key": "b"}


@pytest.mark.parametrize(
    ("project_value", "text"), [("plain", "plain"), ("{value: 5}", "5"), ("{type: string, default: d}", "d")]
)
def test_values_of_the_project_hold_unless_the_stack_has_its_own(tmp_path: Path, project_value: str, text: str) -> None:
    project = f"name: p\nconfig:\n  p:key: {project_value}\n  p:none: {{type: string}}\n"
    assert _load(tmp_path, "", project).config == {"p:key": text}
    assert _load(tmp_path, "config: {p:key: own}", project).config == {"p:key": "own"}


def test_secrets_have_a_stand_in(tmp_path: Path) -> None:
    yaml = "config: {a: {secure: v1:xyz}, b: {deep: [{secure: v1:xyz}, open]}, c: {secure: x, other: y}}"
    stack = _load(tmp_path, yaml)
    assert stack.config == {
        "p:a": "[secret]",
        "p:b": '{"deep": ["[secret]", "open"]}',
        "p:c": '{"secure": "x", "other": "y"}',
    }
    assert stack.secret_keys == ("p:a", "p:b")


@pytest.mark.parametrize("yaml", ["", "# nothing\n", "---\n", "config:\n", "encryptionsalt: v1:abc\n"])
def test_a_stack_may_say_nothing(tmp_path: Path, yaml: str) -> None:
    assert _load(tmp_path, yaml) == StackConfig("p", "x", tmp_path, {}, ())


REFUSED = {
    "a: 1\na: 2": "Pulumi.x.yaml: line 2, column 1: found a a second time; allowed: once",
    "config: {a: {b: 1, b: 2}}": "Pulumi.x.yaml: line 1, column 20: found b a second time; allowed: once",
    "config: {1: a}": "Pulumi.x.yaml: line 1, column 10: found 1; allowed: text as a key",
    "config: {[a]: b}": 'Pulumi.x.yaml: line 1, column 10: found ["a"]; allowed: text as a key',
    "config: {a": "Pulumi.x.yaml: line 1, column 11: while parsing a flow mapping, "
    "expected ',' or '}', but got '<stream end>'",
    "config:\n\ta: 1": "Pulumi.x.yaml: line 2, column 1: while scanning for the next token, "
    "found character '\\t' that cannot start any token",
    "a: 1\n---\nb: 2": "Pulumi.x.yaml: line 2, column 1: expected a single document in the stream, "
    "but found another document",
    "a: !!binary aGk=": "Pulumi.x.yaml: found what JSON can't hold: Object of type bytes is not JSON serializable",
    "a: !own b": "Pulumi.x.yaml: line 1, column 4: could not determine a constructor for the tag '!own'",
    "a: *b": "Pulumi.x.yaml: line 1, column 4: found undefined alias 'b'",
    "config: &a [*a]": "Pulumi.x.yaml: found what JSON can't hold: Circular reference detected",
    '"\\ud800": 1': "Pulumi.x.yaml: found what JSON can't hold: 'utf-8' codec can't encode character '\\ud800' "
    "in position 2: surrogates not allowed",
    "[a, b]": 'Pulumi.x.yaml: found ["a", "b"]; allowed: keys and values',
    "text": 'Pulumi.x.yaml: found "text"; allowed: keys and values',
    "config: [a]": 'Pulumi.x.yaml: config: found ["a"]; allowed: keys and values',
    "config: 5": "Pulumi.x.yaml: config: found 5; allowed: keys and values",
    "config: {a: }": "Pulumi.x.yaml: config.a: found nothing; allowed: a value",
    "config:\n  a:b:c: 1\n  ':d': 2": "Pulumi.x.yaml: config.a:b:c: found this key; allowed: the form namespace:name\n"
    "Pulumi.x.yaml: config.:d: found this key; allowed: the form namespace:name",
    "environment: [shared]": "Pulumi.x.yaml: environment: found imports; "
    "allowed: none, Pulumi ESC can't be asked offline",
    "confg: {}": "Pulumi.x.yaml: confg: unknown; did you mean config?",
    "other: {}": "Pulumi.x.yaml: other: unknown; "
    "known are config, encryptedkey, encryptionsalt, environment, secretsprovider",
}


@pytest.mark.parametrize("yaml", REFUSED)
def test_what_is_refused(tmp_path: Path, yaml: str) -> None:
    assert _refusal(tmp_path, yaml) == REFUSED[yaml]


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (b"config: {a: \xff}", "not UTF-8 text: invalid start byte at byte 12"),
        (b"config: {a: \x00}", "not YAML: unacceptable character #x0000: special characters are not allowed in"),
        (b"a: " + b"9" * 5000, "found what JSON can't hold: Exceeds the limit"),
        (b"[" * 5000, "found what JSON can't hold: maximum recursion depth exceeded"),
    ],
    ids=["not UTF-8", "control character", "endless number", "endless depth"],
)
def test_what_no_editor_writes_is_refused(tmp_path: Path, contents: bytes, message: str) -> None:
    found = _refusal(tmp_path, contents)
    assert found.startswith(f"Pulumi.x.yaml: {message}")
    assert "\n" not in found


@pytest.mark.parametrize(("name", "shown"), [("", "nothing"), ("name: 5", "5"), ("name: [a]", '["a"]')])
def test_the_project_must_have_a_name(tmp_path: Path, name: str, shown: str) -> None:
    assert _refusal(tmp_path, "", name) == f"Pulumi.yaml: name: found {shown}; allowed: the project's name"


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match=r"^Pulumi\.yaml: not found; run this in the project's folder$"):
        load_stack(tmp_path, "x")
    tmp_path.joinpath("Pulumi.yaml").write_text("name: p", encoding="utf-8")
    with pytest.raises(PreviewError, match=r"^Pulumi\.x\.yaml: not found; stacks here are none$"):
        load_stack(tmp_path, "x")
    for stack in ("prod", "dev"):
        tmp_path.joinpath(f"Pulumi.{stack}.yaml").touch()
    with pytest.raises(PreviewError, match=r"^Pulumi\.x\.yaml: not found; stacks here are dev, prod$"):
        load_stack(tmp_path, "x")
