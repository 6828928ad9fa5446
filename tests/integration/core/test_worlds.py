"""What tests of a module share is built once, and nothing that one of them does to it reaches another."""

import pytest
from django.db import transaction

from governance.models import Organisation
from tests import worlds
from tests.factories import governance as make
from tests.worlds import shared

built = []
tills = []


@shared
def shop():
    built.append(1)
    return make.organisation(ods_code="SHOP1", agreement="none")


@shared
def sign(shop):
    """Points at the very shop a test is given."""
    return {"over": shop, "words": ["open"]}


@shared
def till(shop):
    tills.append(1)
    return make.organisation(ods_code="TILL1", agreement="none")


@shared
def ladder(shop):
    return make.organisation(ods_code="LADDER1", agreement="none")


@shared
def painted(shop):
    """Changes what it was given."""
    Organisation.objects.filter(pk=shop.pk).update(name="Painted")
    shop.name = "Painted"


def there(*codes):
    """Those of the codes that stand in the database."""
    return set(Organisation.objects.filter(ods_code__in=codes).values_list("ods_code", flat=True))


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_each_test_has_the_shop_as_it_was_built(shop, sign, turn):
    assert built == [1]
    assert (shop.name, sign["words"]) != ("Burnt", ["closed"])
    assert sign["over"] is shop
    assert Organisation.objects.get(ods_code="SHOP1").name == shop.name
    assert not Organisation.objects.filter(ods_code="SHOP2").exists()
    shop.name = "Burnt"
    sign["words"][:] = ["closed"]
    Organisation.objects.filter(pk=shop.pk).update(name="Burnt")
    make.organisation(ods_code="SHOP2")


def test_a_test_that_breaks_off_its_own_transaction_harms_nobody(shop, sign):
    with pytest.raises(RuntimeError), transaction.atomic():
        Organisation.objects.filter(pk=shop.pk).update(name="Burnt")
        raise RuntimeError
    assert Organisation.objects.get(pk=shop.pk).name == shop.name


@pytest.mark.parametrize("turn", [1, 2])
def test_what_some_ask_for_is_built_once_for_them(shop, till, turn):
    assert (built, tills) == ([1], [1])
    assert there("SHOP1", "TILL1", "LADDER1") == {"SHOP1", "TILL1"}


def test_what_one_asks_for_is_built_for_it(ladder):
    assert there("SHOP1", "TILL1", "LADDER1") == {"SHOP1", "LADDER1"}


def test_the_others_do_not_meet_what_some_asked_for(shop):
    assert there("SHOP1", "TILL1", "LADDER1") == {"SHOP1"}


@pytest.mark.parametrize("turn", [1, 2])
def test_who_asks_for_what_changes_another_thing_finds_it_changed(shop, painted, turn):
    assert shop.name == Organisation.objects.get(pk=shop.pk).name == "Painted"


@pytest.mark.parametrize("turn", [1, 2])
def test_the_others_find_it_as_it_was(shop, turn):
    assert shop.name == Organisation.objects.get(pk=shop.pk).name != "Painted"


def test_who_asks_for_nothing_meets_nothing(db):
    assert there("SHOP1", "TILL1", "LADDER1") == set()


@pytest.mark.django_db(transaction=True)
def test_who_commits_stands_on_nothing_of_the_others(till):
    assert not transaction.get_connection().in_atomic_block
    assert there("SHOP1", "TILL1", "LADDER1") == {"SHOP1", "TILL1"}


def test_what_could_not_be_built_leaves_nothing_behind(db, request, monkeypatch):
    def half_built():
        make.organisation(ods_code="LADDER1", agreement="none")
        raise RuntimeError

    world = worlds.World()
    world.layers[request.node] = [("here", "shop"), ("here", "ladder")]
    builders = {"shop": lambda: make.organisation(ods_code="SHOP1", agreement="none"), "ladder": half_built}
    monkeypatch.setattr(worlds, "_builder", lambda item, name: builders[name])
    with pytest.raises(RuntimeError):
        world.enter(request.node)
    assert (set(world.built), there("SHOP1", "LADDER1")) == ({"shop"}, {"SHOP1"})
    world.leave(request.node)
    assert (world.built, there("SHOP1", "LADDER1")) == ({}, set())
