from components.backing import Backing
from components.compute_cluster.task_settings import TaskSettings
from components.compute_cluster.variables import DatabaseAccess, Variables, host_parameter, variables
from components.naming import Naming

_NAMING = Naming("prod", "444455556666", "us-east-1")
_DATABASE = DatabaseAccess("fitness-platform-prod-database-app", 5432, "fitness")
_SECRETS = "arn:aws:secretsmanager:us-east-1:444455556666:secret:"
_HOST = "arn:aws:ssm:us-east-1:444455556666:parameter/fitness-platform-prod/database/host"


def test_with_the_database() -> None:
    own = TaskSettings(environment={"MODE": "x"}, secrets={"STRIPE": "payments/stripe"})
    login = f"{_SECRETS}fitness-platform-prod-database-app"
    assert variables(own, _DATABASE, Backing(), _NAMING) == Variables(
        environment={"MODE": "x", "DATABASE_PORT": "5432", "DATABASE_NAME": "fitness"},
        secrets={
            "STRIPE": f"{_SECRETS}payments/stripe",
            "DATABASE_HOST": _HOST,
            "DATABASE_USERNAME": f"{login}:username::",
            "DATABASE_PASSWORD": f"{login}:password::",
        },
        secret_arns=(login, f"{_SECRETS}payments/stripe"),
        parameter_arns=(_HOST,),
    )


def test_without_the_database() -> None:
    own = TaskSettings.model_validate({"databaseAccess": False})
    assert variables(own, _DATABASE, Backing(), _NAMING) == Variables({}, {}, (), ())


def test_with_a_backing() -> None:
    own = TaskSettings.model_validate({"databaseAccess": False, "environment": {"MODE": "x"}})
    backing = Backing(environment={"CACHE_PORT": "6379"}, hosts={"CACHE_HOST": "somewhere"})
    host = "arn:aws:ssm:us-east-1:444455556666:parameter/fitness-platform-prod/cache/host"
    assert variables(own, _DATABASE, backing, _NAMING) == Variables(
        environment={"MODE": "x", "CACHE_PORT": "6379"},
        secrets={"CACHE_HOST": host},
        secret_arns=(),
        parameter_arns=(host,),
    )


def test_parameters_are_named_after_their_variables() -> None:
    assert host_parameter(_NAMING, "SEARCH_HOST") == "/fitness-platform-prod/search/host"
    assert host_parameter(_NAMING, "CACHE_READER_HOST") == "/fitness-platform-prod/cache/reader-host"
