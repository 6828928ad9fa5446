"""What a module's tests share is built once, and nothing that one of them does to it reaches another."""

import pytest
from django.db import transaction

from governance.models import Organisation
from tests.factories import governance as make
from tests.worlds import shared

built = []


@shared
def shop():
    built.append(1)
    return make.organisation(ods_code="SHOP1", agreement="none")


@shared
def sign(shop):
    """Points at the very shop a test is given."""
    return {"over": shop, "words": ["open"]}


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
