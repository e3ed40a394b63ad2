"""What the rendered expression policies do, run by CPython as authentik runs them.

    python3 crates/render-tofu/tests/policies.py [ROOT FACTS]

ROOT is a rendered lab, `fixtures/hdhomelab` where it is left out; FACTS is what its inventory says, as JSON. authentik makes the text the body of a function, so
the same is done here; its models are small fakes.
"""

import base64
import faulthandler
import json
import sys
import types
import unittest
from pathlib import Path

HERE = Path(__file__).resolve()
LAB = HERE.parents[3] / "fixtures/hdhomelab"
TOFU = "tofu/tf-deploy/authentik"
FACTS = {
    "types": ["image/png", "image/jpeg", "image/webp", "image/gif"],
    "max_size": 512 * 1024,
    "too_large": "The picture is larger than 512 KiB.",
    "invite": ["family", "friends", "jellyfin-movies", "jellyfin-shows"],
    "change": {"email": False, "name": True, "username": False},
}
NAMES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP", "image/gif": "GIF"}


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


def run(path, context, user=None, http_request=None, is_member=False):
    """The result of a policy, its messages and its warnings."""
    models = types.ModuleType("authentik.core.models")
    models.Group = Group
    sys.modules.update({"authentik": types.ModuleType("authentik"), "authentik.core": types.ModuleType("authentik.core")})
    sys.modules["authentik.core.models"] = models
    body = "".join("    " + line for line in (LAB / path).read_text(encoding="utf-8").splitlines(keepends=True))
    messages, logger = [], Logger()
    request = types.SimpleNamespace(context=context, user=user, http_request=http_request)
    names = {"ak_message": messages.append, "ak_logger": logger, "ak_is_group_member": lambda user, **_: is_member}
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


def wrong_type():
    names = [NAMES[mime] for mime in FACTS["types"]]
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"Only {listed} pictures are accepted."


class Avatar(unittest.TestCase):
    def policy(self, data, **attributes):
        user = User(attributes=attributes)
        context = {} if data is None else {"prompt_data": data}
        result, messages, _ = run(f"{TOFU}/policies/avatar.py", context, user)
        return result, messages, user

    def accepted(self, upload, stored=None):
        result, messages, user = self.policy({"avatar_upload": upload}, other=1)
        self.assertEqual((result, messages, user.saves), (True, [], 1), upload[:60])
        self.assertEqual(user.attributes, {"avatar": stored or upload, "other": 1})

    def refused(self, upload, message):
        result, messages, user = self.policy({"avatar_upload": upload}, avatar="old")
        self.assertEqual((result, user.saves, user.attributes), (False, 0, {"avatar": "old"}), upload[:60])
        self.assertEqual(messages, [message], upload[:60])

    def test_a_picture_of_each_type_is_stored_or_refused_as_the_inventory_says(self):
        for mime, content in PICTURES.items():
            if mime in FACTS["types"]:
                self.accepted(uri(content, mime))
            else:
                self.refused(uri(content, mime), wrong_type())

    def test_a_type_in_capitals_is_the_same_type(self):
        mime = FACTS["types"][0]
        self.accepted(uri(PICTURES[mime], mime.upper()), uri(PICTURES[mime], mime))

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
        svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
        mime = FACTS["types"][0]
        other = next(known for known in PICTURES if known != mime)
        for upload in (uri(svg, "image/svg+xml"), uri(svg, mime), uri(b"hello", "text/plain"),
                       uri(PICTURES[other], mime), uri(PICTURES[mime], "text/html"),
                       uri(b"RIFF\x10\x00\x00\x00WAVE", "image/webp"), uri(b"GIF8x", "image/gif"),
                       uri(PICTURES[mime], f"{mime};charset=utf-8"), "hello,world", f"data:{mime};base64,%%%",
                       f"data:{mime};base64,iVBORw0KGgo\n"):
            self.refused(upload, wrong_type())

    def test_text_without_a_comma_holds_no_picture(self):
        result, messages, user = self.policy({"avatar_upload": "data:image/png;base64"}, avatar="old")
        self.assertEqual((result, messages, user.saves), (True, [], 0))

    def test_the_size_is_that_of_the_picture_to_the_byte(self):
        mime = FACTS["types"][0]
        largest = PICTURES[mime] + b"x" * (FACTS["max_size"] - len(PICTURES[mime]))
        self.accepted(uri(largest, mime))
        for content in (largest + b"x", largest * 3):
            self.refused(uri(content, mime), FACTS["too_large"])


class EnrollmentGroupAssignment(unittest.TestCase):
    def setUp(self):
        Group.known, Objects.broken = [], False

    def given(self, count):
        """The first groups that an invitation may give."""
        if len(FACTS["invite"]) < count:
            self.skipTest(f"the lab has less than {count} groups that an invitation may give")
        return FACTS["invite"][:count]

    def policy(self, groups=None, user=None, **context):
        if groups is not None:
            context["prompt_data"] = {"groups": groups}
        context["pending_user"] = user
        result, messages, warnings = run(f"{TOFU}/policies/enrollment_group_assignment.py", context, user)
        self.assertIs(result, True)
        self.assertEqual(messages, [])
        return warnings

    def test_every_group_that_an_invitation_may_give_is_given(self):
        groups, user = [Group(name, parents=[]) for name in FACTS["invite"]], User()
        self.assertEqual(self.policy(FACTS["invite"] + FACTS["invite"][:1], user), [])
        self.assertEqual([group.users for group in groups], [[user]] * len(groups))

    def test_it_may_run_again(self):
        (name,) = self.given(1)
        group, user = Group(name), User()
        for _ in range(3):
            self.policy([name], user)
        self.assertEqual(group.users, [user])

    def test_other_groups_are_skipped_and_logged(self):
        (name,) = self.given(1)
        other, group, user = Group("not for invitations"), Group(name), User()
        warnings = self.policy(["not for invitations", name, "nobody", 7, None, [name], {"a": 1}], user)
        self.assertEqual((other.users, group.users, len(warnings)), ([], [user], 6))

    def test_a_group_that_became_one_of_superusers_is_skipped(self):
        one, two = self.given(2)
        root = Group("root", is_superuser=True)
        groups = [Group(one, is_superuser=True), Group(two, parent=root)]
        self.assertEqual(len(self.policy([one, two], User())), 2)
        self.assertEqual([group.users for group in groups], [[], []])

    def test_a_group_far_below_one_of_superusers_is_skipped(self):
        (name,) = self.given(1)
        root = Group("root", is_superuser=True)
        group = Group(name, parents=[Group("between", parents=[root])])
        self.assertEqual(len(self.policy([name], User())), 1)
        self.assertEqual(group.users, [])

    def test_groups_in_a_circle_end(self):
        one, two = self.given(2)
        first, second, user = Group(one, parents=[]), Group(two, parents=[]), User()
        first.parents.append(second)
        second.parents.append(first)
        self.assertEqual(self.policy([one], user), [])
        self.assertEqual(first.users, [user])

    def test_a_group_that_is_missing_is_logged(self):
        (name,) = self.given(1)
        self.assertEqual(len(self.policy([name], User())), 1)

    def test_nothing_to_give_is_no_fault(self):
        for context in ({}, {"prompt_data": {}}, {"prompt_data": None}, {"prompt_data": {"groups": []}},
                        {"prompt_data": "text"}, {"prompt_data": {"groups": None}}):
            result, _, warnings = run(f"{TOFU}/policies/enrollment_group_assignment.py", context)
            self.assertEqual((result, warnings), (True, []), context)

    def test_what_is_no_list_is_logged(self):
        (name,) = self.given(1)
        group = Group(name)
        for groups in (name, {name: 1}, 3, True):
            self.assertEqual(len(self.policy(groups, User())), 1, groups)
        self.assertEqual(group.users, [])

    def test_without_an_account_nothing_is_given(self):
        (name,) = self.given(1)
        group = Group(name)
        for user in (None, User(pk=None)):
            self.assertEqual(len(self.policy([name], user)), 1)
        self.assertEqual(group.users, [])

    def test_a_database_that_fails_costs_nobody_the_login(self):
        (name,) = self.given(1)
        Group(name)
        Objects.broken = True
        self.assertEqual(len(self.policy([name], User())), 1)


class UserSettingsAuthorization(unittest.TestCase):
    SAME = {"username": "alex", "name": "Alex", "email": "alex@example.org"}
    WORDS = {"email": "e-mail address", "name": "name", "username": "username"}

    def policy(self, field, tenant=None, from_groups=None):
        http_request = types.SimpleNamespace(**({"tenant": types.SimpleNamespace(**tenant)} if tenant else {}))
        user = User(from_groups=from_groups)
        changed = {field: "new"} if field else {}
        context = {"prompt_data": {**self.SAME, **changed}}
        result, messages, _ = run(f"{TOFU}/policies/user_settings_authorization.py", context, user, http_request)
        self.assertEqual(messages, [] if result else [f"You may not change your {self.WORDS[field]}."])
        return result

    def test_what_stays_as_it_is_passes(self):
        self.assertIs(self.policy(None), True)

    def test_the_inventory_decides_where_nothing_else_does(self):
        for field, may in FACTS["change"].items():
            self.assertIs(self.policy(field), may, field)

    def test_the_system_settings_decide_where_they_are_there(self):
        for field, may in FACTS["change"].items():
            tenant = {f"default_user_change_{field}": not may}
            self.assertIs(self.policy(field, tenant), not may, field)

    def test_an_attribute_of_a_group_decides_first(self):
        for field, may in FACTS["change"].items():
            tenant = {f"default_user_change_{field}": may}
            from_groups = {f"goauthentik.io/user/can-change-{field}": not may}
            self.assertIs(self.policy(field, tenant, from_groups), not may, field)


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
            for is_member in (False, True):
                result, _, _ = run(path.relative_to(LAB), {}, User(), is_member=is_member)
                self.assertIsInstance(result, dict, path)

    def test_a_role_is_its_groups(self):
        for path in sorted((LAB / TOFU / "apps").glob("*/profile.py")):
            if "/__app__/profile.py.j2;" not in path.read_text(encoding="utf-8"):
                continue
            claims = [run(path.relative_to(LAB), {}, User(), is_member=is_member)[0] for is_member in (False, True)]
            self.assertNotEqual(*claims, path)
            if path.parent.name == "gitea":
                self.assertEqual(claims, [{"gitea_roles": []}, {"gitea_roles": ["admin"]}])


if __name__ == "__main__":
    # A policy that does not end is a fault like any other. The tests take less than a second.
    faulthandler.dump_traceback_later(60, exit=True)
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        LAB = Path(sys.argv.pop(1)).resolve()
    if len(sys.argv) > 1 and sys.argv[1].startswith("{"):
        FACTS = json.loads(sys.argv.pop(1))
    unittest.main()
