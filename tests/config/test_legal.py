import pytest

from poincon.config.legal import VARIABLES, legal_faults, legal_texts

WHOLE = {name: "dpo@creuse.example" if name.endswith("EMAIL") else example for name, (_, example) in VARIABLES.items()}


def test_whole_texts_have_no_fault() -> None:
    assert legal_faults(WHOLE) == []


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_a_missing_text_is_named_with_an_example(name: str) -> None:
    (fault,) = legal_faults(WHOLE | {name: "  "})
    assert fault.startswith(f"{name} manque : ")
    assert VARIABLES[name][1] in fault


@pytest.mark.parametrize("wrong", ["dpo", "dpo@creuse", "d p o@creuse.example"])
def test_an_address_that_cannot_be_right_is_named(wrong: str) -> None:
    (fault,) = legal_faults(WHOLE | {"POINCON_DPO_EMAIL": wrong})
    assert "POINCON_DPO_EMAIL n’est pas une adresse" in fault


def test_texts_are_read_by_the_end_of_their_name() -> None:
    assert legal_texts({"POINCON_HOST_NAME": " Limousin "})["host_name"] == "Limousin"
    assert legal_texts({})["publisher"] == ""
