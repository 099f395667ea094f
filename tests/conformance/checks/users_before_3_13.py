"""MLflow's `AuthServiceClient` of 3.12 manages users and what they may do with one experiment or registered model."""

from mlflow import MlflowClient

from .setting import fresh, refused
from .users import check_users, new_user, users

__all__ = ["check_users"]


def check_permissions_on_experiments():
    user, experiment_id = new_user(), MlflowClient().create_experiment(fresh("granted"))
    made = users().create_experiment_permission(experiment_id, user.username, "READ")
    assert (made.experiment_id, made.user_id, made.permission) == (experiment_id, user.id, "READ")
    users().update_experiment_permission(experiment_id, user.username, "EDIT")
    assert users().get_experiment_permission(experiment_id, user.username).permission == "EDIT"
    (listed,) = users().get_user(user.username).experiment_permissions
    assert (listed.experiment_id, listed.permission) == (experiment_id, "EDIT")
    users().delete_experiment_permission(experiment_id, user.username)
    with refused("RESOURCE_DOES_NOT_EXIST"):
        users().get_experiment_permission(experiment_id, user.username)


def check_permissions_on_registered_models():
    user, name = new_user(), fresh("forest")
    MlflowClient().create_registered_model(name)
    made = users().create_registered_model_permission(name, user.username, "READ")
    assert (made.name, made.user_id, made.permission, made.workspace) == (name, user.id, "READ", "default")
    users().update_registered_model_permission(name, user.username, "MANAGE")
    assert users().get_registered_model_permission(name, user.username).permission == "MANAGE"
    (listed,) = users().get_user(user.username).registered_model_permissions
    assert (listed.name, listed.permission) == (name, "MANAGE")
    users().delete_registered_model_permission(name, user.username)
    with refused("RESOURCE_DOES_NOT_EXIST"):
        users().get_registered_model_permission(name, user.username)
