"""What the rendered expression policies do, run by CPython as authentik runs them.

    python3 crates/render-tofu/tests/policies.py [ROOT]

ROOT is a rendered lab, `fixtures/hdhomelab` where it is left out. authentik makes the text the body of a function, so
the same is done here; its models are small fakes.
"""

import base64
import sys
import types
import unittest
from pathlib import Path

HERE = Path(__file__).resolve()
LAB = HERE.parents[3] / "fixtures/hdhomelab"
TOFU = "tofu/tf-deploy/authentik"


class Logger:
    def __init__(self):
        self.warnings = []

    def warning(self, event, **values):
        self.warnings.append((event, values))


class User:
    def __init__(self, pk=1, attributes=None, from_groups=None):
        self.pk, self.attributes, self.saves = pk, dict(attributes or {}), 0
        self.username, self.name, self.email = "alex", "Alex", "alex@example.org"
        self.is_authenticated = True
        self.from_groups = dict(from_groups or {})

    def save(self, update_fields=None):
        assert update_fields == ["attributes"], update_fields
        self.saves += 1

    def group_attributes(self, request=None):
        return {**self.from_groups, **self.attributes}


class Members(list):
    def add(self, user):
        if user not in self:
            self.append(user)


class Several(list):
    def all(self):
        return list(self)


class Group:
    """A group of either kind: with one `parent`, as before 2025.12, or with several `parents`."""

    known = []

    def __init__(self, name, is_superuser=False, parent=None, parents=None):
        self.name, self.is_superuser, self.users = name, is_superuser, Members()
        if parents is not None:
            self.parents = Several(parents)
        else:
            self.parent = parent
        Group.known.append(self)


class Objects:
    broken = False

    @staticmethod
    def filter(name__in, is_superuser):
        if Objects.broken:
            raise RuntimeError("the database is away")
        return [group for group in Group.known if group.name in name__in and group.is_superuser == is_superuser]


Group.objects = Objects


def run(path, context, user=None, http_request=None):
    """The result of a policy, its messages and its warnings."""
    models = types.ModuleType("authentik.core.models")
    models.Group = Group
    sys.modules.update({"authentik": types.ModuleType("authentik"), "authentik.core": types.ModuleType("authentik.core")})
    sys.modules["authentik.core.models"] = models
    body = "".join("    " + line for line in (LAB / path).read_text(encoding="utf-8").splitlines(keepends=True))
    messages, logger = [], Logger()
    request = types.SimpleNamespace(context=context, user=user, http_request=http_request)
    names = {"ak_message": messages.append, "ak_logger": logger, "ak_is_group_member": lambda user, **_: False}
    exec(compile("def handler(request, context):\n" + body, str(path), "exec"), names)
    return names["handler"](request, context), messages, logger.warnings


def uri(content, mime="image/png"):
    return f"data:{mime};base64," + base64.b64encode(content).decode()


PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 40
PICTURES = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0" + b"x" * 40,
    "image/gif": b"GIF89a" + b"x" * 40,
    "image/webp": b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"x" * 40,
}


class Avatar(unittest.TestCase):
    def policy(self, data, **attributes):
        user = User(attributes=attributes)
        context = {} if data is None else {"prompt_data": data}
        result, messages, _ = run(f"{TOFU}/policies/avatar.py", context, user)
        return result, messages, user

    def test_a_picture_of_each_type_is_stored(self):
        for mime, content in PICTURES.items():
            result, messages, user = self.policy({"avatar_upload": uri(content, mime)})
            self.assertEqual((result, messages, user.saves), (True, [], 1), mime)
            self.assertEqual(user.attributes["avatar"], uri(content, mime))

    def test_no_file_changes_nothing(self):
        for data in (None, {}, {"avatar_upload": ""}, {"avatar_upload": None}, {"avatar_reset": False},
                     {"avatar_upload": "data:application/octet-stream;base64,"}):
            result, messages, user = self.policy(data, avatar="old", jellyfin_libraries=["Movies"])
            self.assertEqual((result, messages, user.saves), (True, [], 0), data)
            self.assertEqual(user.attributes, {"avatar": "old", "jellyfin_libraries": ["Movies"]})

    def test_reset_removes_the_picture_even_with_a_file(self):
        result, messages, user = self.policy({"avatar_reset": True, "avatar_upload": uri(PNG)}, avatar="old", other=1)
        self.assertEqual((result, messages, user.saves), (True, [], 1))
        self.assertEqual(user.attributes, {"other": 1})

    def test_reset_without_a_picture_saves_nothing(self):
        result, _, user = self.policy({"avatar_reset": True})
        self.assertEqual((result, user.saves), (True, 0))

    def test_what_is_no_picture_is_refused_with_the_types(self):
        svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
        for upload in (uri(svg, "image/svg+xml"), uri(svg), uri(b"hello", "text/plain"), uri(PNG, "image/jpeg"),
                       uri(b"RIFF\x10\x00\x00\x00WAVE", "image/webp"), "data:image/png;base64,%%%", "hello,world",
                       uri(PNG, "text/html"), "data:image/png;base64,iVBORw0KGgo\n", uri(b"GIF8x", "image/gif")):
            result, messages, user = self.policy({"avatar_upload": upload}, avatar="old")
            self.assertEqual((result, user.saves, user.attributes), (False, 0, {"avatar": "old"}), upload)
            self.assertEqual(messages, ["Only PNG, JPEG, WebP and GIF pictures are accepted."], upload)

    def test_the_size_is_that_of_the_picture_to_the_byte(self):
        largest = PNG + b"x" * (512 * 1024 - len(PNG))
        result, messages, user = self.policy({"avatar_upload": uri(largest)})
        self.assertEqual((result, messages, user.saves), (True, [], 1))
        for content in (largest + b"x", largest * 3):
            result, messages, user = self.policy({"avatar_upload": uri(content)})
            self.assertEqual((result, messages), (False, ["The picture is larger than 512 KiB."]))
            self.assertEqual((user.saves, user.attributes), (0, {}))


class EnrollmentGroupAssignment(unittest.TestCase):
    def setUp(self):
        Group.known, Objects.broken = [], False

    def policy(self, groups=None, user=None, **context):
        if groups is not None:
            context["prompt_data"] = {"groups": groups}
        context["pending_user"] = user
        result, messages, warnings = run(f"{TOFU}/policies/enrollment_group_assignment.py", context, user)
        self.assertIs(result, True)
        self.assertEqual(messages, [])
        return warnings

    def test_groups_that_an_invitation_may_give_are_given(self):
        family, movies, user = Group("family"), Group("jellyfin-movies", parents=[]), User()
        self.assertEqual(self.policy(["family", "jellyfin-movies", "family"], user), [])
        self.assertEqual((family.users, movies.users), ([user], [user]))

    def test_it_may_run_again(self):
        family, user = Group("family"), User()
        for _ in range(3):
            self.policy(["family"], user)
        self.assertEqual(family.users, [user])

    def test_other_groups_are_skipped_and_logged(self):
        admins, family, user = Group("admins", is_superuser=True), Group("family"), User()
        warnings = self.policy(["admins", "family", "nobody", 7, None, ["family"], {"a": 1}], user)
        self.assertEqual((admins.users, family.users, len(warnings)), ([], [user], 6))

    def test_a_group_that_became_one_of_superusers_is_skipped(self):
        root = Group("root", is_superuser=True)
        family, friends, user = Group("family", is_superuser=True), Group("friends", parent=root), User()
        movies = Group("jellyfin-movies", parents=[Group("between", parents=[root])])
        warnings = self.policy(["family", "friends", "jellyfin-movies"], user)
        self.assertEqual((family.users, friends.users, movies.users, len(warnings)), ([], [], [], 3))

    def test_groups_in_a_circle_end(self):
        family, friends, user = Group("family", parents=[]), Group("friends", parents=[]), User()
        family.parents.append(friends)
        friends.parents.append(family)
        self.assertEqual(self.policy(["family"], user), [])
        self.assertEqual(family.users, [user])

    def test_a_group_that_is_missing_is_logged(self):
        self.assertEqual(len(self.policy(["family"], User())), 1)

    def test_nothing_to_give_is_no_fault(self):
        for context in ({}, {"prompt_data": {}}, {"prompt_data": None}, {"prompt_data": {"groups": []}},
                        {"prompt_data": "text"}, {"prompt_data": {"groups": None}}):
            result, _, warnings = run(f"{TOFU}/policies/enrollment_group_assignment.py", context)
            self.assertEqual((result, warnings), (True, []), context)

    def test_what_is_no_list_is_logged(self):
        family = Group("family")
        for groups in ("family", {"family": 1}, 3, True):
            self.assertEqual(len(self.policy(groups, User())), 1, groups)
        self.assertEqual(family.users, [])

    def test_without_an_account_nothing_is_given(self):
        family = Group("family")
        for user in (None, User(pk=None)):
            self.assertEqual(len(self.policy(["family"], user)), 1)
        self.assertEqual(family.users, [])

    def test_a_database_that_fails_costs_nobody_the_login(self):
        Group("family")
        Objects.broken = True
        self.assertEqual(len(self.policy(["family"], User())), 1)


class UserSettingsAuthorization(unittest.TestCase):
    SAME = {"username": "alex", "name": "Alex", "email": "alex@example.org"}

    def policy(self, changed, tenant=None, from_groups=None):
        http_request = types.SimpleNamespace(**({"tenant": types.SimpleNamespace(**tenant)} if tenant else {}))
        user = User(from_groups=from_groups)
        context = {"prompt_data": {**self.SAME, **changed}}
        result, messages, _ = run(f"{TOFU}/policies/user_settings_authorization.py", context, user, http_request)
        self.assertEqual(len(messages), 0 if result else 1)
        return result

    def test_what_stays_as_it_is_passes(self):
        self.assertIs(self.policy({}), True)

    def test_the_inventory_decides_where_nothing_else_does(self):
        self.assertIs(self.policy({"name": "New"}), True)
        self.assertIs(self.policy({"email": "new@example.org"}), False)
        self.assertIs(self.policy({"username": "new"}), False)

    def test_the_system_settings_decide_where_they_are_there(self):
        tenant = {f"default_user_change_{field}": field == "email" for field in ("email", "name", "username")}
        self.assertIs(self.policy({"email": "new@example.org"}, tenant), True)
        self.assertIs(self.policy({"name": "New"}, tenant), False)

    def test_an_attribute_of_a_group_decides_first(self):
        may = {"goauthentik.io/user/can-change-username": True, "goauthentik.io/user/can-change-name": False}
        self.assertIs(self.policy({"username": "new"}, from_groups=may), True)
        self.assertIs(self.policy({"name": "New"}, from_groups=may), False)


class Everyone(unittest.TestCase):
    def test_whoever_is_logged_in_passes_and_nobody_else(self):
        for module in ("authentik-oidc", "authentik-ldap"):
            path = f"tofu/modules/{module}/policies/everyone.py"
            self.assertIs(run(path, {}, User())[0], True)
            for user in (None, types.SimpleNamespace(is_authenticated=False)):
                self.assertIs(run(path, {}, user)[0], False)


class OwnScopes(unittest.TestCase):
    def test_each_returns_its_claims(self):
        for path in sorted((LAB / TOFU / "apps").glob("*/*.py")):
            result, _, _ = run(path.relative_to(LAB), {}, User())
            self.assertIsInstance(result, dict, path)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        LAB = Path(sys.argv.pop(1)).resolve()
    unittest.main()
