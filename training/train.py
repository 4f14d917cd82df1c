"""Step 2: fine-tune the network on treebanks and named entities.

    python -m training.train --encoder work/encoder --corpora ../shared/corpora --layers 12 --target work/accurate.pt

CORPORA is a folder with the treebanks and entity files under the names that corpora.toml lists; other UD folders
work with a corpora.toml of their own (--list FILE). Never trained on: what that list calls `test`. With --drawn FILE
(from training.silver) trees that other networks drew are mixed in.
"""

from __future__ import annotations

import argparse
import random
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from kgraph.parse.pieces import WordPieces
from kgraph.parse.treebank import FEATURES, Tree
from training.data import (
    IGNORED,
    Batch,
    Encoder,
    Example,
    batches,
    collate,
    label_maps,
    read_drawn,
    trees,
)
from training.files import ENTITIES, read_entities
from training.network import Network, Sizes, load, save, shortened
from training.score import predict, score, score_entities

ENCODER_RATE, HEAD_RATE = 1.5e-4, 2e-3
WARM_UP = 150
LOSSES = {"arc": 1.0, "label": 1.0, "upos": 0.5, "xpos": 0.3, "feats": 0.3, "entities": 1.0}
LIST = Path(__file__).with_name("corpora.toml")


def main() -> None:
    """Run the step."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--encoder", type=Path, required=True, help="the folder of step 1")
    arguments.add_argument("--corpora", type=Path, required=True)
    arguments.add_argument("--list", type=Path, default=LIST)
    arguments.add_argument("--target", type=Path, required=True)
    arguments.add_argument("--layers", type=int, default=12)
    arguments.add_argument("--epochs", type=float, default=10, help="passes over the German trees")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--rate", type=float, default=1.0, help="factor of both learning rates")
    arguments.add_argument("--dropout", type=float, default=0.1)
    arguments.add_argument("--batch", type=int, default=1500, help="padded pieces")
    arguments.add_argument("--start", type=Path, help="go on from this network")
    arguments.add_argument("--teacher", type=Path, help="begin with the first layers of this network, and its labels")
    arguments.add_argument("--tags-only", action="store_true", help="train the heads of tags and features alone")
    arguments.add_argument("--drawn", type=Path, nargs="*", default=[])
    arguments.add_argument("--drawn-share", type=float, default=1.0, help="drawn sentences per gold sentence")
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    Training(options).run()


class Training:
    """One training run."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.rng = random.Random(options.seed)
        self.plan: dict[str, list[dict[str, Any]]] = tomllib.loads(options.list.read_text(encoding="utf-8"))
        gold = [(part, self._trees(part)) for part in self.plan["train"]]
        drawn = [row for path in options.drawn for row in read_drawn(path)]
        if options.start:
            self.network, self.maps = load(options.start)
        elif options.teacher:
            teacher, self.maps = load(options.teacher)
            self.network = shortened(teacher, options.layers, dropout=options.dropout)
        else:
            self.maps = label_maps([(part["treebank"], found) for part, found in gold])
            self.network = Network(self._sizes(), dropout=options.dropout)
            self.network.load_encoder(options.encoder / "encoder.npz")
        self.embeddings = torch.from_numpy(np.load(options.encoder / "embeddings.npy"))
        self.encoder = Encoder(WordPieces(options.encoder / "tokenizer.json"), self.maps)
        self.gold = [(part, self._examples(part, found)) for part, found in gold]
        self.drawn = [e for row in drawn if (e := self._drawn(row)) is not None]
        self.named = [example for part in self.plan["entities"] for example in self._named(part)]
        self.tests = [(part, self._examples(part, self._trees(part))) for part in self.plan["test"]]
        self.named_tests = [(part, self._named(part)) for part in self.plan["entity_test"]]

    def run(self) -> None:
        """Train, report, and save the running mean of the weights."""
        options, network = self.options, self.network
        steps = list(self._steps())
        encoder = list(network.layers.parameters())
        known = set(map(id, encoder)) | set(map(id, network.norm.parameters()))
        for parameter in network.norm.parameters():
            parameter.requires_grad_(False)
        heads = [parameter for parameter in network.parameters() if id(parameter) not in known]
        if options.tags_only:
            parts = (network.words[1], network.treebanks[1], network.upos, network.xpos, network.feats)
            encoder, heads = [], [parameter for part in parts for parameter in part.parameters()]
            for parameter in network.parameters():
                parameter.requires_grad_(False)
            for parameter in heads:
                parameter.requires_grad_(True)
        groups = [{"params": encoder, "top": ENCODER_RATE}] if encoder else []
        groups.append({"params": heads, "top": HEAD_RATE})
        optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01)
        mean = {name: value.clone() for name, value in network.state_dict().items()}
        started, seen, losses = time.monotonic(), 0, dict.fromkeys(LOSSES, 0.0)
        for step, examples in enumerate(steps):
            factor = options.rate * min(1.0, (step + 1) / WARM_UP) * (1 - step / len(steps))
            for group in optimizer.param_groups:
                group["lr"] = group["top"] * factor
            network.train()
            parts = self._losses(collate(examples, masked=0.08, rng=self.rng))
            loss = sum((LOSSES[name] * part for name, part in parts.items()), torch.zeros(()))
            optimizer.zero_grad(set_to_none=True)
            if not loss.requires_grad:
                continue  # entities, where tags alone are trained
            loss.backward()  # type: ignore[no-untyped-call]
            norm = torch.nn.utils.clip_grad_norm_([*encoder, *heads], 2.0)
            if torch.isfinite(norm):
                optimizer.step()
            self._average(mean, step, len(steps))
            seen += sum(len(example.pieces) for example in examples)
            for name, part in parts.items():
                losses[name] += part.item() / 100
            if (step + 1) % 100 == 0:
                speed = seen / (time.monotonic() - started)
                told = " ".join(f"{name} {value:.3f}" for name, value in losses.items())
                say(f"step {step + 1} of {len(steps)}, {speed:.0f} pieces/s, {told}")
                losses = dict.fromkeys(LOSSES, 0.0)
            if (step + 1) % 1500 == 0 and step + 1 < len(steps):
                self.report(300)
        network.load_state_dict(mean)
        save(options.target, network, self.maps)
        self.report(None)

    def report(self, count: int | None) -> None:
        """Print the scores on the test sets, or on their first sentences."""
        self.network.eval()
        for part, examples in self.tests:
            some = examples[:count]
            said = predict([self.network], self.embeddings, some)
            say(f"  {part['file']}: {score(some, said, punct=self.maps['dep']['punct'])}")
        for part, examples in self.named_tests:
            some = examples[:count]
            say(f"  {part['file']}: {score_entities(some, predict([self.network], self.embeddings, some))}")

    def _sizes(self) -> Sizes:
        maps = self.maps
        feats = tuple(len(maps["feat"][name]) for name in FEATURES)
        return Sizes(
            self.options.layers, len(maps["dep"]), len(maps["pos"]), len(maps["tag"]), feats, entities=len(ENTITIES)
        )

    def _steps(self) -> Iterator[list[Example]]:
        """Batches for the whole run: each epoch all German trees, and as many others as the list says."""
        whole, rest = divmod(self.options.epochs, 1)
        for epoch in range(int(whole) + (rest > 0)):
            chosen: list[Example] = []
            for part, examples in self.gold:
                wanted = part.get("each_epoch", len(examples))
                chosen += examples if wanted >= len(examples) else self.rng.sample(examples, wanted)
            wanted = min(int(len(chosen) * self.options.drawn_share), len(self.drawn))
            chosen += self.rng.sample(self.drawn, wanted)
            made = batches(chosen, self.options.batch, self.rng)
            entities = batches(self.named, self.options.batch, self.rng)[: len(made) // 4]
            made += entities
            self.rng.shuffle(made)
            yield from made if epoch < whole else made[: int(len(made) * rest)]

    def _losses(self, batch: Batch) -> dict[str, Tensor]:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            mask = (batch.pieces != 1).float()
            scores = self.network(self.embeddings[batch.pieces], mask, batch.first, batch.last, batch.treebank)
            gold, words = batch.gold, batch.words
            seen = torch.cat([torch.ones(len(words), 1, dtype=torch.bool), words], dim=1)
            arcs = scores.arcs.float().masked_fill(~seen[:, None, :], -1e4)
            labels = self.network.label_scores(scores, gold["heads"].clamp(min=0)).float()
        pairs = {
            "arc": (arcs, gold["heads"].where(gold["deprels"] != IGNORED, torch.tensor(IGNORED))),
            "label": (labels, gold["deprels"]),
            **{name: (getattr(scores, name).float(), gold[name]) for name in ("upos", "xpos", "entities")},
        }
        parts = {name: _loss(said[words], wanted[words]) for name, (said, wanted) in pairs.items()}
        values = scores.feats.float()[words].split(self.network.sizes.feats, dim=-1)
        parts["feats"] = sum(
            (_loss(part, gold["feats"][words][:, k]) for k, part in enumerate(values)), torch.zeros(())
        )
        return parts

    def _average(self, mean: dict[str, Tensor], step: int, steps: int) -> None:
        """Move the mean of the weights towards the present ones; it follows quickly at first."""
        weight = max(1 / (step + 1), 1 / (0.05 * steps + 10))
        for name, value in self.network.state_dict().items():
            mean[name].lerp_(value, weight)

    def _trees(self, part: dict[str, Any]) -> list[Tree]:
        found = trees(self.options.corpora / part["file"], part["lang"])
        return found[part.get("from", 0) : part.get("to", len(found))]

    def _examples(self, part: dict[str, Any], found: list[Tree]) -> list[Example]:
        return [e for tree in found if (e := self.encoder.tree(tree, part["treebank"])) is not None]

    def _named(self, part: dict[str, Any]) -> list[Example]:
        found = read_entities(self.options.corpora / part["file"])
        found = found[part.get("from", 0) : part.get("to", len(found))]
        return [e for words, tags in found if (e := self.encoder.named(words, tags, part["treebank"])) is not None]

    def _drawn(self, row: dict[str, Any]) -> Example | None:
        example = self.encoder.words([(form, bool(space)) for form, space in row["words"]], row["treebank"])
        if example is not None:
            example.heads, example.upos, example.xpos = row["heads"], row["upos"], row["xpos"]
            example.deprels = [IGNORED if p < 0.5 else d for d, p in zip(row["deprels"], row["sure"], strict=True)]
            example.feats, example.entities = row["feats"], row["entities"]
        return example


def _loss(said: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy over what is annotated; 0 where nothing is."""
    if not (wanted != IGNORED).any():
        return torch.zeros(())
    return functional.cross_entropy(said, wanted, ignore_index=IGNORED)


def say(line: str) -> None:
    """Print a line of the log at once."""
    print(time.strftime("%H:%M:%S"), line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
