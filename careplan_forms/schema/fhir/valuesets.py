"""Value sets and code systems that travel inside a form (`contained`), expanded to lists of options."""

from collections.abc import Iterator
from typing import Any

from careplan_forms.schema.fhir.options import Option, make, told_beside
from careplan_forms.schema.fhir.text import as_text, plain

_MAX_CONCEPTS = 2000


class ContainedValueSets:
    """Looks up an `answerValueSet` among the resources the form brings along; never goes to the network."""

    def __init__(self, questionnaire: dict[str, Any]) -> None:
        contained = questionnaire.get("contained")
        resources = [each for each in contained if isinstance(each, dict)] if isinstance(contained, list) else []
        self._sets: dict[str, dict[str, Any]] = {}
        self._systems: dict[str, dict[str, Any]] = {}
        for resource in resources:
            kind = resource.get("resourceType")
            known = {"ValueSet": self._sets, "CodeSystem": self._systems}.get(kind if isinstance(kind, str) else "")
            if known is None:
                continue
            for name in (f"#{as_text(resource.get('id'))}", as_text(resource.get("url"))):
                known.setdefault(name, resource)

    def find(self, reference: str) -> dict[str, Any] | None:
        """The contained value set a reference such as ``#yes-no`` means, or ``None``."""
        plain_reference = reference.split("|")[0]
        if plain_reference in ("", "#"):
            return None
        return self._sets.get(plain_reference) or self._sets.get(f"#{plain_reference}")

    def options(self, value_set: dict[str, Any]) -> list[Option]:
        """Every concept the set names: its expansion if it has one, else what `compose` lists."""
        expansion = value_set.get("expansion")
        concepts = list(self._expanded(expansion.get("contains")) if isinstance(expansion, dict) else [])
        if not concepts:
            concepts = list(self._composed(value_set.get("compose")))
        return concepts[:_MAX_CONCEPTS]

    def title(self, value_set: dict[str, Any]) -> str:
        return next((text for key in ("title", "name", "id") if (text := plain(value_set.get(key))[0])), "Answers")

    def _expanded(self, contains: Any) -> Iterator[Option]:
        for concept in _objects(contains):
            code = as_text(concept.get("code"))
            if code and concept.get("abstract") is not True:
                found = make(code, as_text(concept.get("system")), as_text(concept.get("display")))
                yield found | told_beside(concept)
            yield from self._expanded(concept.get("contains"))

    def _composed(self, compose: Any) -> Iterator[Option]:
        if not isinstance(compose, dict):
            return
        for include in _objects(compose.get("include")):
            system = as_text(include.get("system"))
            concepts = _objects(include.get("concept"))
            if not concepts and not include.get("filter") and not include.get("valueSet"):
                concepts = list(_all_concepts(self._systems.get(system, {}).get("concept")))
            for concept in concepts:
                code = as_text(concept.get("code"))
                if code:
                    yield make(code, system, as_text(concept.get("display"))) | told_beside(concept)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _all_concepts(concepts: Any) -> Iterator[dict[str, Any]]:
    for concept in _objects(concepts):
        yield concept
        yield from _all_concepts(concept.get("concept"))
