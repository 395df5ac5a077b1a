"""Small vocabularies made for the tokenizer goldens: pieces of many scripts, so that most texts split and some are unknown."""

from tokenizers import normalizers

WORDS = ["a", "about", "above", "after", "again", "against", "all", "also", "am", "an", "and", "animal", "answer", "any", "are", "around", "as", "ask", "at", "away", "back", "be", "because", "been", "before", "began", "being", "below", "between", "big", "book", "both", "boy", "build", "but", "by", "call", "came", "can", "car", "carry", "change", "children", "city", "close", "come", "could", "country", "cut", "day", "did", "different", "do", "does", "done", "door", "down", "each", "early", "earth", "eat", "end", "enough", "even", "ever", "every", "example", "eye", "face", "family", "far", "father", "feel", "feet", "few", "find", "first", "follow", "food", "for", "form", "found", "four", "from", "game", "gave", "get", "girl", "give", "go", "good", "got", "great", "group", "grow", "had", "hand", "hard", "has", "have", "he", "head", "hear", "help", "her", "here", "high", "him", "his", "home", "house", "how", "i", "idea", "if", "important", "in", "into", "is", "it", "its", "just", "keep", "kind", "know", "land", "large", "last", "later", "learn", "leave", "left", "let", "letter", "life", "light", "like", "line", "list", "little", "live", "long", "look", "made", "make", "man", "many", "me", "mean", "men", "might", "mile", "miss", "more", "most", "mother", "mountain", "move", "much", "music", "must", "my", "name", "near", "need", "never", "new", "next", "night", "no", "not", "now", "number", "of", "off", "often", "old", "on", "once", "one", "only", "open", "or", "other", "our", "out", "over", "own", "page", "paper", "part", "people", "place", "plant", "play", "point", "put", "question", "quick", "quite", "rain", "read", "real", "right", "river", "run", "said", "same", "saw", "say", "school", "sea", "second", "see", "seem", "sentence", "set", "she", "should", "show", "side", "since", "small", "so", "some", "something", "sometimes", "song", "soon", "sound", "spell", "stand", "start", "state", "still", "stop", "story", "study", "such", "take", "talk", "tell", "than", "that", "the", "their", "them", "then", "there", "these", "they", "thing", "think", "this", "those", "thought", "three", "through", "time", "to", "together", "too", "took", "tree", "try", "turn", "two", "under", "until", "up", "us", "use", "very", "walk", "want", "was", "watch", "water", "way", "we", "well", "went", "were", "what", "when", "where", "which", "while", "white", "who", "why", "will", "with", "without", "word", "work", "world", "would", "write", "year", "you", "young", "your", "tokenizer", "model", "train", "naive", "cafe", "resume", "uber", "strasse", "n't", "'s", "'ve", "'re", "'m", "don"]
SUFFIXES = ["s", "es", "ed", "er", "ers", "ing", "ly", "ness", "ment", "tion", "able", "ible", "ful", "less", "est", "ize", "izing", "al", "ous", "ive", "y", "un", "re", "in", "ism", "ist", "th", "st", "nd", "rd", "token", "izer", "word", "piece", "e", "é", "è", "ö", "ü", "ß", "ñ", "ç"]
SPECIALS = ["[PAD]", "[unused0]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

# Ranges whose characters are pieces of their own, at the beginning of a word and inside.
SINGLE = [(0x21, 0x7E), (0xA1, 0xBF), (0x3B1, 0x3C9), (0x430, 0x44F), (0x5D0, 0x5DA), (0x627, 0x63A), (0x905, 0x914)]
# Ranges that are pieces only at the beginning of a word: such a character inside makes the word unknown.
INITIAL = [(0x1100, 0x110A), (0x1161, 0x116A), (0x3042, 0x3062), (0x4E00, 0x4E60), (0x1F600, 0x1F610), (0xE01, 0xE0A)]
# Only for the vocabulary with capitals and accents.
CASED = [
    (0xC0, 0xFF),
    (0x100, 0x130),
    (0x391, 0x3A9),
    (0x410, 0x42F),
    (0xAC00, 0xAC20),
    (0x300, 0x308),
    (0x1E00, 0x1E10),
]


def span(ranges):
    return [chr(c) for first, last in ranges for c in range(first, last + 1)]


def vocabulary(cased):
    """Tokens in the order of their ids."""
    texts = WORDS + ([word.capitalize() for word in WORDS] if cased else [])
    begin = texts + span(SINGLE) + span(INITIAL) + (span(CASED) if cased else [])
    inside = SUFFIXES + span(SINGLE) + (span(CASED) if cased else [])
    tokens = SPECIALS + begin + ["##" + piece for piece in inside]
    if not cased:
        lower = normalizers.BertNormalizer().normalize_str
        tokens = SPECIALS + [token for token in tokens[len(SPECIALS) :] if lower(token).strip() == token]
    return list(dict.fromkeys(tokens))
