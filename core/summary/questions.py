# ruff: noqa: E501  a pattern reads best whole
"""Open questions: what nobody could answer, or what was said to be open."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.summary.alone import names_its_thing
from core.summary.found import Found, add, capital, sentence_before, shown
from core.summary.numbers import numbers
from core.summary.people import addressed
from core.summary.phrases import Rules, rules
from core.summary.sentences import Sentence, content_words, tidy

# Sentences as short as "Hm, well." do not count as an answer.
_SHORT = 4
# Words of a question that only calls somebody.
_CALL = 2
# How far before "we won't settle that today" the question lies.
_ASKED = 6
# So many sentences an asker adds to a question, and hesitations come before its answer.
_ADDS = 2
# In longer sentences "I don't know" is only by the way.
_DOUBT = 16
# Questions of so many words and fewer need the topic words of others.
_ELLIPTIC = 7
# Sentences of more words tell too much to stand before a question that says little.
_TOLD = 20
# Topic words that a question must have to be worth a line.
_TOPIC = 2


_ASKS_FOR = {
    "en": re.compile(r"^(?:(?:and|so|but|okay),? )*(?:who|when|where|which|how|what|why)\b"),
    "fr": re.compile(
        r"^(?:(?:et|mais|donc|alors|ok),? )*(?:a |de |pour )?(?:qui|quand|ou|quel\w*|combien|comment|pourquoi)\b"
    ),
}
"""How a question begins that asks for something about what was just told, and does not only repeat it."""


_WHAT_IF = {
    "en": re.compile(r"^(?:(?:and|so|but),? )*(?:what )?if\b(?: \w+){3}"),
    "fr": re.compile(r"^(?:(?:et|mais|alors),? )*(?:si|s'il)\b(?: \w+){3}"),
}
"""How one begins that needs nothing before it."""


_WHO = {
    "en": re.compile(r"^(?:(?:and|so|but|okay|then|right),? )*who(?:'s|'ll)?\b"),
    "fr": re.compile(r"^(?:(?:et|mais|donc|alors|ok|bon),? )*(?:qui|c'est qui qui)\b"),
}
_MINE = {
    "en": re.compile(
        r"^(?:(?:okay|ok|fine|all right|alright|well|oh|sure|yes|yeah|right|then|so|no problem),? )*(?:i'll|i will|i can\b|i could\b|i do\b|i'm on it|i'd be (?:happy|glad)|i don't mind|let me (?:do|take|handle)\b|leave (?:it|that) (?:to|with) me|me[,.!]|mine\b|that's me)"
    ),
    "fr": re.compile(
        r"^(?:(?:ok|okay|bon|d'accord|allez|oui|ben|alors|eh bien|oh|ah|moi|pas de probleme),? )*(?:moi[.!]|je (?!ne\b|sais|suis|crois|pense|trouve|dois|voudrais|comprends|peux pas|pourrai pas|vois)|j'(?!ai\b|etais|avais|en sais|aurais|hesite|attends|y )\w|laisse\w*[ -]moi|comptez? sur moi)"
    ),
}
"""Takes on what it was asked who does."""
_INQUIRES = {
    "en": re.compile(r"\b(?:ask|check|find out|look|think|see|talk|speak|let you know)\b"),
    "fr": re.compile(r"\b(?:(?:re)?parl|demand|reflech|regard|cherch|voir|verrai|renseign|verifi)\w*"),
}
"""Only tries to find somebody."""
_TAKEN = 4
"""So many sentences after "Who does it? — Not me." another may take it on."""


def open_questions(sentences: Sequence[Sentence], language: str) -> list[Found]:
    """What nobody could answer: said to be open, or asked and met with doubt. Answered at once is not open."""
    found, taken = list[Found](), set[int]()
    for sentence in sentences:
        asked = _left_open(rules(language), sentence, sentences, language)
        if asked and not taken.intersection(one.index for one in asked):
            taken.update(one.index for one in asked)
            add(found, Found(_question(asked, language), asked), language)
    return found


def _asks(says: Rules, sentence: Sentence, language: str, topic: int = _TOPIC) -> bool:
    return (
        sentence.is_question
        and not _only_calls(sentence)
        and not says.request.search(sentence.folded)
        and not says.no_open.search(sentence.folded)
        and len(content_words(sentence.text, language)) >= topic
    )


def _only_calls(sentence: Sentence) -> bool:
    """Whether it is no more than a name: "I don't know. Étienne?" """
    return len(sentence.text.split()) <= _CALL and bool(addressed(sentence))


def _question(asked: Sequence[Sentence], language: str) -> str:
    """The open question in words: the one that was asked, else what was said to be open, without its label."""
    main = next((one for one in asked if one.is_question), asked[-1] if len(asked) > 1 else asked[0])
    if main in asked[1:] and not asked[0].is_question:
        # "The lift inspection. When is that due?"
        return f"{shown(asked[0], language)} {capital(tidy(main.text, language))}"
    label = rules(language).declared.match(main.folded)
    rest = main.text[label.end() :].strip() if label else ""
    return capital(rest) if rest else shown(main, language)


def _unanswered(
    says: Rules, first: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[Sentence, ...]:
    """The question that begins with `first`, with what its asker adds, and the doubt that it meets; else ()."""
    asked, place = [first], first.index + 1
    while place < len(sentences) and len(asked) <= _ADDS and sentences[place].is_by_speaker_of(first):
        if says.uncertain.search(sentences[place].folded):
            break
        asked.append(sentences[place])
        place += 1
    answers = list(sentences[place : place + _ADDS + 1])
    while len(answers) > 1 and _says_nothing(says, answers[0], language):
        answers.pop(0)
    if not answers or answers[0].is_question or says.answered.search(answers[0].folded):
        return ()
    if not says.uncertain.search(answers[0].folded) or len(answers[0].text.split()) > _DOUBT:
        return ()
    if _taken(first, answers[0], sentences, language):
        return ()
    questions = [one for one in asked if one.is_question and not _only_calls(one)]
    topic = {word for one in questions for word in content_words(one.text, language)}
    long = sum(len(one.text.split()) for one in questions) > _ELLIPTIC
    enough = 1 if long or says.wh.search(first.folded) else _TOPIC
    if not all(_asks(says, one, language, 0) for one in questions):
        return ()
    if len(topic) < enough:
        # "The lift inspection. When is that due?"
        named = sentence_before(sentences, first)
        if named is not None and _names(named, first, language):
            asked.insert(0, named)
        elif not topic or not _WHAT_IF[language].search(first.folded):
            return ()
    return (*asked, answers[0])


def _says_nothing(says: Rules, answer: Sentence, language: str) -> bool:
    """Whether it is no answer yet: "Hm, well." or "Étienne?"."""
    if answer.is_question or says.uncertain.search(answer.folded):
        return _only_calls(answer)
    brief = len(answer.text.split()) <= _SHORT and not numbers(answer.text)
    return brief and len(content_words(answer.text, language)) < _TOPIC


def _taken(question: Sentence, refusal: Sentence, sentences: Sequence[Sentence], language: str) -> bool:
    """Whether it asks who does something, and somebody takes that on after another does not: "Not me. — I'll do it." """
    if not _WHO[language].search(question.folded):
        return False
    after = sentences[refusal.index : refusal.index + 1 + _TAKEN]
    return any(
        _MINE[language].search(one.folded)
        and not one.is_question
        and not rules(language).uncertain.search(one.folded)
        and not _INQUIRES[language].search(one.folded)
        for one in after
    )


def _names(named: Sentence, first: Sentence, language: str) -> bool:
    """Whether the sentence before a question says what it is about: in few words, or what another has just told."""
    if (
        named.is_question
        or rules(language).uncertain.search(named.folded)
        or not names_its_thing(shown(named, language), language)
    ):
        return False
    if named.is_by_speaker_of(first):
        return len(named.text.split()) <= _ELLIPTIC
    if not _ASKS_FOR[language].search(first.folded):
        return False
    return len(content_words(named.text, language)) >= _TOPIC and len(named.text.split()) <= _TOLD


def _left_open(
    says: Rules, sentence: Sentence, sentences: Sequence[Sentence], language: str
) -> tuple[Sentence, ...]:
    """The sentences of the open question that `sentence` begins or declares, () if it does neither."""
    following = sentences[sentence.index + 1 : sentence.index + 3]
    if following and says.answered.search(following[0].folded):
        return ()
    if label := says.declared.match(sentence.folded):
        alone = not content_words(sentence.text[label.end() :], language)
        return (sentence, *following[:1]) if alone else (sentence,)
    if sentence.is_question:
        return _unanswered(says, sentence, sentences, language)
    if says.no_open.search(sentence.folded):
        return ()
    if says.postponed.search(sentence.folded):
        asked_before = reversed(sentences[max(0, sentence.index - _ASKED) : sentence.index])
        asked = next((one for one in asked_before if _asks(says, one, language, 1)), None)
        return (asked, sentence) if asked else ()
    earlier, cue = sentence_before(sentences, sentence), says.open.search(sentence.folded)
    if says.open_back.search(sentence.folded) and earlier and _asks(says, earlier, language):
        return () if _taken(earlier, sentence, sentences, language) else (earlier, sentence)
    if cue:
        topic = content_words(sentence.text[: cue.start()], language) + content_words(
            sentence.text[cue.end() :], language
        )
        return (sentence,) if len(topic) >= _TOPIC else ()
    return ()
