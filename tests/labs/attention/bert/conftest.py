"""The BERT of transformers, which ours is compared with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dlviz.core.vision import torchvision
from dlviz.labs.attention.bert.loading import WEIGHTS, _file

assert torchvision  # imported before transformers, which would import it in another way


@pytest.fixture(scope="session")
def theirs() -> Any:
    """transformers' model and tokenizer, from the files of the package, without a network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        from transformers import AutoTokenizer, BertModel

        folder = Path(_file(WEIGHTS)).parent
        model = BertModel.from_pretrained(folder, attn_implementation="eager", local_files_only=True)
        return model.eval(), AutoTokenizer.from_pretrained(folder, local_files_only=True)
