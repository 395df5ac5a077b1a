"""A small tokenizer of each kind that published encoders use, trained on the project's own sentences."""

from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from charsmap import charsmap
from tokenizer_text import hand_picked

SPECIALS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
SENTENCES = Path(__file__).parents[2] / "tools" / "emotion" / "sentences"
CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d"
CL100K = (
    rf"(?i:{CONTRACTIONS})|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|"
    r"\s*[\r\n]+|\s+(?!\S)|\s+"
)
# Single characters, clusters of several, what vanishes, what grows; and keys that begin clusters of others.
REPLACEMENTS = {
    **{chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)},
    **{"½": "1/2", "ﬁ": "fi", "\u200b": "", "\u3000": " ", "\r": " ", "\n": " ", "\t": " ", "o": "0"},
    **{"e\u0301": "é", "a\u0300": "à", "क": "k", "ᄀ": "g", "가": "ga", "☕": "cup", "☕\ufe0f": "coffee"},
}


def corpus():
    lines = [line for file in sorted(SENTENCES.glob("*.txt")) for line in file.read_text("utf-8").splitlines()]
    return [text.replace("\0", "") for text in lines + 3 * hand_picked()]


def template(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>"):
    return processors.TemplateProcessing(single, pair, special_tokens=[("<s>", 0), ("</s>", 2)])


def trained(model, trainer, pre_tokenizer, normalizer=None, decoder=None, processor=None):
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.train_from_iterator(corpus(), trainer)
    if decoder:
        tokenizer.decoder = decoder
    tokenizer.post_processor = processor or template()
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    return tokenizer


def bpe(pre_tokenizer, bytes_too=False, size=600, model=None, trainer=None, **parts):
    alphabet = pre_tokenizers.ByteLevel.alphabet() if bytes_too else []
    options = {"vocab_size": size, "special_tokens": SPECIALS, "initial_alphabet": alphabet, "show_progress": False}
    return trained(models.BPE(**model or {}), trainers.BpeTrainer(**options, **trainer or {}), pre_tokenizer, **parts)


def unigram(pre_tokenizer, **parts):
    trainer = trainers.UnigramTrainer(vocab_size=500, special_tokens=SPECIALS, unk_token="<unk>", show_progress=False)
    return trained(models.Unigram(), trainer, pre_tokenizer, **parts)


def byte_level(**options):
    return pre_tokenizers.ByteLevel(**{"add_prefix_space": False, **options})


def kinds():
    """name → tokenizer."""
    words, level = pre_tokenizers.Whitespace(), {"decoder": decoders.ByteLevel(), "bytes_too": True}
    metaspace = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    precompiled = normalizers.Precompiled(charsmap(REPLACEMENTS))
    unmarked = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    made = {
        "roberta": bpe(byte_level(), **level, processor=processors.RobertaProcessing(("</s>", 2), ("<s>", 0))),
        "modernbert": bpe(byte_level(), **level, normalizer=normalizers.NFC()),
        "prefix_space": bpe(byte_level(add_prefix_space=True), **level),
        "cl100k": bpe(
            pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(CL100K), "isolated"), byte_level(use_regex=False)]),
            **level,
            model={"ignore_merges": True},
            processor=processors.Sequence([processors.ByteLevel(trim_offsets=True), template("<s> $A")]),
        ),
        "splits": bpe(
            pre_tokenizers.Sequence(
                [
                    pre_tokenizers.Digits(individual_digits=True),
                    pre_tokenizers.Split(" ", "merged_with_next"),
                    pre_tokenizers.Split(Regex(r"\s{2,}"), "contiguous"),
                    pre_tokenizers.Punctuation("merged_with_previous"),
                    byte_level(use_regex=False),
                ]
            ),
            **level,
            processor=processors.ByteLevel(),
        ),
        "fallback": bpe(
            pre_tokenizers.Split(" ", "merged_with_previous"),
            normalizer=normalizers.Replace(" ", "▁"),
            size=700,
            model={"unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True},
            trainer={"limit_alphabet": 60},
            decoder=decoders.Sequence(unmarked),
        ),
        "suffix": bpe(
            words,
            model={"unk_token": "<unk>", "end_of_word_suffix": "</w>"},
            trainer={"end_of_word_suffix": "</w>", "limit_alphabet": 60},
            decoder=decoders.BPEDecoder("</w>"),
        ),
        "continuing": bpe(
            words,
            model={"continuing_subword_prefix": "##"},
            trainer={"continuing_subword_prefix": "##", "limit_alphabet": 60},
        ),
        "xlm_roberta": unigram(metaspace, normalizer=precompiled, decoder=decoders.Metaspace()),
        "albert": unigram(
            metaspace,
            normalizer=normalizers.Sequence(
                [
                    normalizers.Replace("``", '"'),
                    normalizers.Replace("''", '"'),
                    normalizers.NFKD(),
                    normalizers.StripAccents(),
                    normalizers.Lowercase(),
                    precompiled,
                ]
            ),
            decoder=decoders.Metaspace(),
        ),
        "deberta": unigram(
            pre_tokenizers.Metaspace(),
            normalizer=normalizers.Sequence(
                [normalizers.Nmt(), normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " "), precompiled]
            ),
            decoder=decoders.Metaspace(),
        ),
        "first": unigram(
            pre_tokenizers.Metaspace(prepend_scheme="first", split=False),
            normalizer=normalizers.Sequence([normalizers.Strip(False, True), normalizers.Prepend("x")]),
            decoder=decoders.Sequence([*unmarked, decoders.Strip(" ", 1, 0)]),
        ),
    }
    return made
