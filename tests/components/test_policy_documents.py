import json

from components.policy_documents import allow, deny, deny_plain_http, document, service, trust


def test_a_statement_says_only_what_it_is_given() -> None:
    assert allow("s3:GetObject", "*") == {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    assert deny(["a", "b"], "*", sid="No", principal="*", condition={"Bool": {"x": "true"}}) == {
        "Sid": "No",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["a", "b"],
        "Resource": "*",
        "Condition": {"Bool": {"x": "true"}},
    }


def test_plain_http_is_denied_to_everybody() -> None:
    assert deny_plain_http("sns:Publish", "arn") == {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": "arn",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_a_document_holds_statements_in_order() -> None:
    first, second = allow("a:B", "*"), deny("c:D", "*")
    assert json.loads(document(first, second)) == {"Version": "2012-10-17", "Statement": [first, second]}


def test_a_role_trusts_one_service() -> None:
    statement = {"Effect": "Allow", "Principal": service("rds"), "Action": "sts:AssumeRole"}
    condition = {"StringEquals": {"aws:SourceAccount": "1"}}
    assert json.loads(trust("rds"))["Statement"] == [statement]
    assert json.loads(trust("rds", condition))["Statement"] == [{**statement, "Condition": condition}]
