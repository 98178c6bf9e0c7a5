"""Invented prose for tests: the same words for the same seed, and no five words in a row alike for two seeds."""

import random

_LIST = """
    acorn amber anvil apron ash attic badger barley basin beacon birch bramble brass bridge brook bucket canal candle
    canvas carter cellar chalk chapel cherry chisel cider clover cobble copper cork cottage crane crate crow cradle
    dairy damson dike ditch dove drover dusk eel elder ember fallow fennel fern ferry fiddle flax flint flour forge
    fox frost furrow gable garden gate glove goose granary granite gravel grove gull hammer harbour harness hazel
    hearth hedge heron hinge honey hoof hornet hull ivy jetty juniper kettle kiln lantern larch lark lattice ledge
    lichen lime linen loft loom maple marsh meadow millet mortar moss moth mule nettle oak oats orchard otter oven
    owl oxen paddle parsnip pasture pear pebble pigeon pilot plank plough plum pond poplar porch quarry quay quill
    quilt rafter rain raven reed resin ridge river robin rope rowan rudder rye saddle salt sand sapling scythe sedge
    shale shear shingle sickle silo slate sledge sluice smoke sorrel sparrow spindle spring stable stile stork straw
    summer swallow tallow tar thatch thistle thorn thrush tide timber tinder toad trough turnip valley vane vine wagon
    walnut wasp weasel weir wharf wheel willow windmill winter wren yarrow yew yoke
"""
WORDS = _LIST.split()


def sentence(chooser: random.Random, words: int) -> str:
    """Return one sentence of so many words."""
    return " ".join(chooser.choices(WORDS, k=words)).capitalize() + "."


def sentence_of(seed: int | str, words: int) -> str:
    """Return the one sentence of a seed."""
    return sentence(random.Random(f"sentence {seed}"), words)


def paragraphs(seed: int | str, count: int = 4, words: int = 40) -> list[str]:
    """Return paragraphs of `words` words each, as two sentences."""
    chooser = random.Random(f"paragraphs {seed}")
    return [f"{sentence(chooser, words // 2)} {sentence(chooser, words - words // 2)}" for _ in range(count)]


def body(seed: int | str, count: int = 4, words: int = 40) -> str:
    """Return an article's body: paragraphs with an empty line between them."""
    return "\n\n".join(paragraphs(seed, count, words))
