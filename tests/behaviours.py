"""What the coding must do with sentences made up for it, in both languages and without labels.

Each behaviour is a set of cases; a case is some lines and what their codes must have in common. `python -m
tests.behaviours` prints how many hold.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.coding_lines import Coder
from pipelines.project import ROOT
from tests import behaviour_texts as texts

Row = dict[str, Any]
SIDES = ("US", "MX")
LANGUAGES = ("en", "es")
DIRECTION = {"US": "US>MX", "MX": "MX>US"}
SPEAKERS = {
    "US": {"feed": "white_house", "speaker": "THE PRESIDENT", "date": "2025-08-12"},
    "MX": {
        "feed": "presidencia_sheinbaum",
        "speaker": "PRESIDENTA DE MÉXICO, CLAUDIA SHEINBAUM PARDO",
        "date": "2025-08-12",
    },
}
EARLIER = {
    "US": {"feed": "white_house", "speaker": "PRESIDENT TRUMP", "date": "2019-06-05"},
    "MX": {
        "feed": "presidencia_amlo",
        "speaker": "PRESIDENTE ANDRÉS MANUEL LÓPEZ OBRADOR",
        "date": "2019-06-05",
    },
}
ASKERS = {"US": {**SPEAKERS["US"], "speaker": "Q"}, "MX": {**SPEAKERS["MX"], "speaker": "PREGUNTA"}}
MEMBERS = {
    "US": {"feed": "congress_press_releases", "speaker": "{name} ({party}-TX, House) press release"},
    "MX": {"feed": "presidencia_sheinbaum", "speaker": "DIPUTADO {name}, GRUPO PARLAMENTARIO DE {party}"},
}
KEPT = ("bilateral", "side", "voice", "direction", "hostility", "cooperation", "themes", "blame")
NOTHING = {"bilateral": 0, "direction": "none", "hostility": 0, "cooperation": 0, "themes": [], "blame": "none"}
THREAT = 3


@dataclass(frozen=True)
class Case:
    """Lines to code together.

    Attributes:
        language: Of the lines; `both` for a pair of translations.
        rows: The lines, without ids.
        holds: Whether their codes are as they must be.
    """

    language: str
    rows: tuple[Row, ...]
    holds: Callable[[list[Row]], bool]


def _other(side: str) -> str:
    return SIDES[1 - SIDES.index(side)]


def _filled(template: str, side: str, language: str, **slots: str) -> str:
    """The template as said by the side, with a capital at its beginning."""
    said = template.format(**slots, **texts.NAMES[language][side])
    first = next(place for place, letter in enumerate(said) if letter.isalpha())
    return said[:first] + said[first].upper() + said[first + 1 :]


def _row(who: dict[str, str], sentence: str, language: str, **more: str) -> Row:
    return {**who, "sentence": sentence, "lang": language, **more}


def acts(side: str, language: str) -> list[str]:
    """Threats in the infinitive that the side can make, the same in the same place in both languages."""
    number = LANGUAGES.index(language)
    templates = [pair[number] for pair in (*texts.ACTS, *texts.ACTS_OF[side])]
    goods = itertools.cycle(pair[number] for pair in texts.GOODS)
    return [template.format(good=next(goods), **texts.NAMES[language][side]) for template in templates]


def stances(side: str, language: str) -> list[str]:
    """Sentences in which the side takes a stance, the same in the same place in both languages."""
    number = LANGUAGES.index(language)
    issues = [pair[number] for pair in texts.ISSUES]
    mild = [pair[number] for pair in (*texts.DEMANDS, *texts.CRITICISM, *texts.COOPERATION)]
    threats = [
        _filled(frame[number], side, language, act=act) for act in acts(side, language) for frame in texts.THREATS
    ]
    return threats + [_filled(frame, side, language, issue=issue) for frame in mild for issue in issues]


def role_swap() -> Iterator[Case]:
    """The same words from either side, about the other, point the opposite way."""
    number_of = {language: number for number, language in enumerate(LANGUAGES)}
    frames = [*texts.DEMANDS, *texts.CRITICISM, *texts.COOPERATION]
    for language, number in number_of.items():
        issues = [pair[number] for pair in texts.ISSUES]
        shared = len(texts.ACTS)
        sentences = [
            tuple(_filled(frame[number], side, language, act=acts(side, language)[place]) for side in SIDES)
            for place in range(shared)
            for frame in texts.THREATS
        ]
        sentences += [
            tuple(_filled(frame[number], side, language, issue=issue) for side in SIDES)
            for frame in frames
            for issue in issues
        ]
        for pair in sentences:
            rows = tuple(_row(SPEAKERS[side], said, language) for side, said in zip(SIDES, pair, strict=True))
            yield Case(language, rows, lambda out: [one["direction"] for one in out] == list(DIRECTION.values()))


def negation() -> Iterator[Case]:
    """A threat is a threat; denied, ruled out or given up it is none."""
    for language, side in itertools.product(LANGUAGES, SIDES):
        number = LANGUAGES.index(language)
        for place, act in enumerate(acts(side, language)):
            for turn, frame in enumerate(texts.DENIALS):
                threat = texts.THREATS[(place + turn) % len(texts.THREATS)]
                said = [_filled(one[number], side, language, act=act) for one in (threat, frame)]
                rows = tuple(_row(SPEAKERS[side], one, language) for one in said)
                yield Case(language, rows, lambda out: out[0]["hostility"] >= THREAT > out[1]["hostility"])


def quotation() -> Iterator[Case]:
    """Words are a threat in the mouth of whoever says them, and not of whoever tells of them."""
    for language, side in itertools.product(LANGUAGES, SIDES):
        number, teller = LANGUAGES.index(language), _other(side)
        quoted = itertools.cycle(texts.QUOTED[side][language])
        for act in acts(side, language):
            own = _row(SPEAKERS[side], _filled(texts.THREATS[0][number], side, language, act=act), language)
            for frame in texts.QUOTES:
                words = {"who": next(quoted), "said": own["sentence"].rstrip("."), "act": act}
                told = _row(SPEAKERS[teller], _filled(frame[number], teller, language, **words), language)
                yield Case(language, (own, told), lambda out, side=side: _is_whose(side, *out))
            words = {"who": next(quoted), "said": own["sentence"].rstrip(".")}
            before, said = (_filled(one[number], teller, language, **words) for one in texts.OPENED)
            told = _row(SPEAKERS[teller], said, language, prev=before)
            yield Case(language, (own, told), lambda out, side=side: _is_whose(side, *out))


def _is_whose(side: str, own: Row, told: Row) -> bool:
    is_threat = own["hostility"] >= THREAT and own["direction"] == DIRECTION[side]
    is_moved = told["side"] == side and told["direction"] == DIRECTION[side]
    return is_threat and told["bilateral"] == 1 and (told["hostility"] < THREAT or is_moved)


def name_party_and_day() -> Iterator[Case]:
    """Other names, another party or another day change no code."""
    for language, side in itertools.product(LANGUAGES, SIDES):
        people = texts.PEOPLE[side]
        for number, said in enumerate(stances(side, language)):
            two = [people[number % len(people)], people[(number + 1) % len(people)]]
            yield Case(
                language, tuple(_row(_member(side, *one), said, language, date="2024-03-06") for one in two), _same
            )
            if number % 4 == 0:
                yield Case(language, tuple(_row(who[side], said, language) for who in (EARLIER, SPEAKERS)), _same)
                beside = texts.BESIDE[LANGUAGES.index(language)]
                named = [beside.format(name=name.title(), party=party, said=said) for name, party in two]
                yield Case(language, tuple(_row(SPEAKERS[side], one, language) for one in named), _same)


def _member(side: str, name: str, party: str) -> dict[str, str]:
    who = MEMBERS[side]
    shown = name.title() if side == "US" else name
    return {**who, "speaker": who["speaker"].format(name=shown, party=party)}


def _same(out: list[Row]) -> bool:
    return all(one["bilateral"] == 1 and one[name] == out[0][name] for one in out for name in KEPT)


def translation() -> Iterator[Case]:
    """A sentence and its translation have the same codes."""
    for side in SIDES:
        for pair in zip(*(stances(side, language) for language in LANGUAGES), strict=True):
            rows = tuple(_row(SPEAKERS[side], said, each) for said, each in zip(pair, LANGUAGES, strict=True))
            yield Case("both", rows, _same)


def placebo() -> Iterator[Case]:
    """What is not between the two countries scores nothing, however strong its words."""
    for language in LANGUAGES:
        for side, template, slots in texts.PLACEBOS[language]:
            for slot in slots:
                row = _row(SPEAKERS[side], template.format(slot), language)
                yield Case(language, (row,), lambda out: {**out[0], **NOTHING} == out[0])


def question() -> Iterator[Case]:
    """A question takes no stance: asked by the press, or found under the tag of the one who is asked."""
    for language, side in itertools.product(LANGUAGES, SIDES):
        number = LANGUAGES.index(language)
        for act in acts(side, language):
            for frame, is_addressed in texts.QUESTIONS:
                said = _filled(frame[number], side, language, act=act)
                yield Case(language, (_row(ASKERS[side], said, language),), _is_asked)
                if is_addressed:
                    yield Case(language, (_row(SPEAKERS[side], said, language),), _takes_no_stance)


def _takes_no_stance(out: list[Row]) -> bool:
    return out[0]["direction"] == "none" and out[0]["hostility"] < THREAT


def _is_asked(out: list[Row]) -> bool:
    return out[0]["voice"] == "press" and _takes_no_stance(out)


BEHAVIOURS: dict[str, Callable[[], Iterator[Case]]] = {
    "role swap reverses the direction": role_swap,
    "negation removes the threat": negation,
    "quotation moves the speaker": quotation,
    "name, party and day change nothing": name_party_and_day,
    "translation keeps the codes": translation,
    "placebo topics score nothing": placebo,
    "a question takes no direction": question,
}


def tried(name: str, coder: Coder) -> list[tuple[Case, list[Row], bool]]:
    """Each case of a behaviour with the answers of `entente code` to its lines, and whether it holds."""
    cases = list(BEHAVIOURS[name]())
    rows = [{**row, "id": number} for number, row in enumerate(itertools.chain(*(case.rows for case in cases)))]
    answers = iter(coder(rows))
    found = []
    for case in cases:
        out = list(itertools.islice(answers, len(case.rows)))
        found.append((case, out, case.holds(out)))
    return found


def main(chosen: str = "", shown: int = 5) -> None:
    """Print, by behaviour and language, how many cases hold, and the first failures spread over the cases."""
    coder = Coder(ROOT)
    for name in BEHAVIOURS:
        if chosen not in name:
            continue
        found = tried(name, coder)
        rates = []
        for language in ("all", *sorted({case.language for case, _, _ in found})):
            held = [is_held for case, _, is_held in found if language in ("all", case.language)]
            rates.append(f"{language} {sum(held) / len(held):6.1%} of {len(held)}")
        print(f"{name}: {', '.join(rates)}")
        failures = [one for one in found if not one[2]]
        for case, out, _ in failures[:: max(1, len(failures) // shown)][:shown]:
            for row, answer in zip(case.rows, out, strict=True):
                codes = {key: answer[key] for key in KEPT}
                print(f"    {row['speaker']}: {row['sentence']}\n      {codes}")
            print()


if __name__ == "__main__":
    main(*sys.argv[1:2])
