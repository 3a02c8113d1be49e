"""What can only be broken together: program."""

from tests.mutation.part import Composite, Part

PROGRAM_BREAKAGES = (
    Composite(
        "provider of two accounts",
        (Part(name="aws", values={"allowedAccountIds": '["444455556666", "999988887777"]'}),),
    ),
)
