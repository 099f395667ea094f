"""MLflow's `AuthServiceClient` of 3.17 manages users, roles and permissions; the process asks as an administrator."""

import os

from mlflow.server.auth.client import AuthServiceClient

from mlflow import MlflowClient

from .setting import fresh, refused

PASSWORD = "words of a new user"


def users():
    return AuthServiceClient(os.environ["MLFLOW_TRACKING_URI"])


def new_user():
    return users().create_user(fresh("user"), PASSWORD)


def check_users():
    made = new_user()
    found = users().get_user(made.username)
    assert (found.id, found.username, found.is_admin) == (made.id, made.username, False)
    with refused("RESOURCE_ALREADY_EXISTS", made.username):
        users().create_user(made.username, PASSWORD)
    users().update_user_password(made.username, "other words of this user")
    users().update_user_admin(made.username, is_admin=True)
    assert users().get_user(made.username).is_admin
    users().delete_user(made.username)
    with refused("RESOURCE_DOES_NOT_EXIST", made.username):
        users().get_user(made.username)


def check_roles():
    name = fresh("role")
    made = users().create_role("default", name, description="who trains")
    assert (made.name, made.workspace, made.description, made.permissions) == (name, "default", "who trains", [])
    assert users().create_role("default", fresh("role")).description is None
    assert users().get_role(made.id).name == name
    assert made.id in [role.id for role in users().list_roles("default")]
    assert made.id in [role.id for role in users().list_all_roles()]
    renamed = users().update_role(made.id, name=fresh("renamed"), description="all who train")
    assert (renamed.id, renamed.description) == (made.id, "all who train")
    users().delete_role(made.id)
    with refused("RESOURCE_DOES_NOT_EXIST"):
        users().get_role(made.id)


def check_permissions_of_roles():
    role = users().create_role("default", fresh("role"))
    experiment_id = MlflowClient().create_experiment(fresh("of a role"))
    made = users().add_role_permission(role.id, "experiment", experiment_id, "READ")
    assert (made.role_id, made.resource_type, made.resource_pattern) == (role.id, "experiment", experiment_id)
    assert users().update_role_permission(made.id, "EDIT").permission == "EDIT"
    assert [one.permission for one in users().list_role_permissions(role.id)] == ["EDIT"]
    assert [one.id for one in users().get_role(role.id).permissions] == [made.id]
    users().remove_role_permission(made.id)
    assert users().list_role_permissions(role.id) == []


def check_members():
    role, user = users().create_role("default", fresh("role")), new_user()
    experiment_id = MlflowClient().create_experiment(fresh("of members"))
    users().add_role_permission(role.id, "experiment", experiment_id, "EDIT")
    made = users().assign_role(user.username, role.id)
    assert (made.user_id, made.role_id) == (user.id, role.id)
    assert [one.id for one in users().list_user_roles(user.username)] == [role.id]
    assert [one.user_id for one in users().list_role_users(role.id)] == [user.id]
    held = users().get_user_permission(user.username, "experiment", experiment_id)
    assert (held.allowed, held.permission) == (True, "EDIT")
    users().unassign_role(user.username, role.id)
    assert users().list_role_users(role.id) == []
    assert not users().get_user_permission(user.username, "experiment", experiment_id).allowed


def check_permissions_of_users():
    user, name = new_user(), fresh("forest")
    MlflowClient().create_registered_model(name)
    users().grant_user_permission(user.username, "registered_model", name, "USE")
    held = users().get_user_permission(user.username, "registered_model", name)
    assert (held.allowed, held.permission) == (True, "USE")
    with refused("RESOURCE_ALREADY_EXISTS"):
        users().grant_user_permission(user.username, "registered_model", name, "EDIT")
    users().revoke_user_permission(user.username, "registered_model", name)
    assert not users().get_user_permission(user.username, "registered_model", name).allowed
    with refused("RESOURCE_DOES_NOT_EXIST"):
        users().revoke_user_permission(user.username, "registered_model", name)
