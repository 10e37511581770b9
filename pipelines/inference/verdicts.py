"""What a finding is called, in English and Spanish; the words follow from the verdict and cannot say more than it."""

from __future__ import annotations

from typing import Any

from pipelines.inference.association import Finding

ENGLISH = {
    "association": "moves together as registered",
    "contrary": "moves together, against what was registered",
    "smaller_than_0_3": "no relation shown; if there is one, the 90 % band keeps it below 0.3",
    "undecided": "no relation shown, and none of 0.3 excluded",
    "unsafe": "not to be read as a relation",
    "replaced": "no longer asked: a narrower hypothesis takes its place, and it counts in the family as before",
    "exploratory": "one of 13 lags looked at, not registered: no finding, whatever its p",
    "not_testable": "not testable on what is held",
}
SPANISH = {
    "association": "se mueven juntas como se registró",
    "contrary": "se mueven juntas, contra lo registrado",
    "smaller_than_0_3": "no se muestra relación; si la hay, la banda de 90 % la deja por debajo de 0.3",
    "undecided": "no se muestra relación, y no se excluye una de 0.3",
    "unsafe": "no debe leerse como relación",
    "replaced": "ya no se pregunta: una hipótesis más estrecha la reemplaza, y cuenta en la familia como antes",
    "exploratory": "uno de 13 rezagos mirados, sin registro: no es un hallazgo, sea cual sea su p",
    "not_testable": "no se puede probar con lo conservado",
}
OBJECTIONS_ENGLISH = {
    "chance": "not beyond chance where one looks every month",
    "family": "not beyond chance among the tests of its family",
    "one_month": "half of it hangs on one month",
    "memory_left": "the filters leave a memory in both series",
    "few_months": "too few months",
    "sign": "not the registered sign",
    "term_over": "the term of the test is over",
    "replaced": "a narrower hypothesis takes its place",
}
OBJECTIONS_SPANISH = {
    "chance": "no supera al azar si se mira cada mes",
    "family": "no supera al azar entre las pruebas de su familia",
    "one_month": "la mitad depende de un solo mes",
    "memory_left": "los filtros dejan memoria en ambas series",
    "few_months": "muy pocos meses",
    "sign": "no tiene el signo registrado",
    "term_over": "el plazo de la prueba terminó",
    "replaced": "una hipótesis más estrecha la reemplaza",
}
TOO_SHORT = "las series tienen muy pocos meses seguidos o no varían"
WINDOWS_SPANISH = {
    "departs": "se aparta de su curso como se registró; nada dice de causas",
    "contrary": "se aparta de su curso, pero no como se registró; nada dice de causas",
    "not_shown": "no se muestra que se aparte de su curso más que en fechas al azar",
    "too_few_events": "menos de cinco acontecimientos: nada se puede mostrar",
    "replaced": SPANISH["replaced"],
    "exploratory": "mirado sin registro: no es un hallazgo, sea cual sea su p",
    "not_testable": "no se puede probar con lo conservado",
}
WINDOWS_ENGLISH = {
    "departs": "departs from its course as registered; this says nothing of causes",
    "contrary": "departs from its course, but not as registered; this says nothing of causes",
    "not_shown": "not shown to depart from its course more than around random dates",
    "too_few_events": "fewer than five events: nothing can be shown",
    "replaced": ENGLISH["replaced"],
    "exploratory": "looked at without registration: no finding, whatever its p",
    "not_testable": "not testable on what is held",
}
SILENCE_ENGLISH = {
    "falls_with_need": "criticism falls as need rises",
    "rises_with_need": "criticism rises with need",
    "not_specific": "no finding of a bargain",
    "signs_differ": "no general finding",
    "undecided": "not shown that criticism falls or rises with need, and no change of this size excluded",
    "unsafe": "not to be read as a relation",
    "replaced": ENGLISH["replaced"],
    "exploratory": "looked at without registration: no finding, whatever its p",
    "not_testable": "not testable",
}
SILENCE_SPANISH = {
    "falls_with_need": "la crítica baja cuando sube la necesidad",
    "rises_with_need": "la crítica sube con la necesidad",
    "not_specific": "sin hallazgo de un trato",
    "signs_differ": "sin hallazgo general",
    "undecided": "no se muestra que la crítica baje o suba con la necesidad, ni se excluye un cambio de este tamaño",
    "unsafe": "no debe leerse como relación",
    "replaced": SPANISH["replaced"],
    "exploratory": "mirado sin registro: no es un hallazgo, sea cual sea su p",
    "not_testable": "no se puede probar",
}
# What a decided verdict adds: whether the estimate, times the registered sign, is as registered.
REGISTERED = {
    1: (", as registered", ", como se registró"),
    -1: (", against what was registered", ", contra lo registrado"),
    0: (", either of which was registered", ", registrada sin signo"),
}
SILENCE_OBJECTIONS_ENGLISH = {
    **OBJECTIONS_ENGLISH,
    "memory_left": "both series keep a memory that the test does not know",
    "not_specific": "those whom the bargain does not bind move with need alike",
    "signs_differ": "the administrations differ in sign",
}
SILENCE_OBJECTIONS_SPANISH = {
    **OBJECTIONS_SPANISH,
    "memory_left": "ambas series guardan una memoria que la prueba no conoce",
    "not_specific": "quienes no están atados al trato se mueven igual con la necesidad",
    "signs_differ": "los gobiernos difieren de signo",
}
LACKS_ENGLISH = {
    "no_text": "no text of these speakers is held",
    "encounters_not_held": "no encounters are held for the months with text",
    "no_opportunity": "nothing is said of the other side in the months held",
    "under_24_months": "fewer than 24 months",
    "under_20_criticisms": "fewer than 20 criticisms",
}
LACKS_SPANISH = {
    "no_text": "no se conserva texto de estos hablantes",
    "encounters_not_held": "no se conservan encuentros de los meses con texto",
    "no_opportunity": "nada se dice del otro lado en los meses conservados",
    "under_24_months": "menos de 24 meses",
    "under_20_criticisms": "menos de 20 críticas",
}
# No verdict says why: two series that move together may share a third cause.
CLOSING = ("This says nothing of causes.", "Esto nada dice de causas.")


def words(verdict: str, objections: list[str], finding: Finding) -> tuple[str, str]:
    """The verdict in a sentence with its figures, in English and Spanish."""
    naive = finding.naive
    figures = (
        f"r = {finding.r:+.2f} (90 % {finding.r_low:+.2f} to {finding.r_high:+.2f}), p = {finding.p:.2g}, "
        f"looked at monthly {finding.p_monitored:.2g}, n = {finding.n}; naive r = {naive.r:+.2f}, p = {naive.p:.1g}"
    )
    cifras = (
        f"r = {finding.r:+.2f} (90 % de {finding.r_low:+.2f} a {finding.r_high:+.2f}), p = {finding.p:.2g}, "
        f"mirada cada mes {finding.p_monitored:.2g}, n = {finding.n}; r ingenua = {naive.r:+.2f}, p = {naive.p:.1g}"
    )
    why = "".join(f"; {OBJECTIONS_ENGLISH[name]}" for name in objections)
    porque = "".join(f"; {OBJECTIONS_SPANISH[name]}" for name in objections)
    return (
        f"{ENGLISH[verdict].capitalize()}: {figures}{why}. {CLOSING[0]}",
        f"{SPANISH[verdict].capitalize()}: {cifras}{porque}. {CLOSING[1]}",
    )


def not_testable(why: str) -> tuple[str, str]:
    """The same where nothing could be measured."""
    return f"{ENGLISH['not_testable'].capitalize()}: {why}.", f"{SPANISH['not_testable'].capitalize()}: {TOO_SHORT}."


def exploratory() -> tuple[str, str]:
    """The same for a lag that was only looked at."""
    return f"{ENGLISH['exploratory'].capitalize()}.", f"{SPANISH['exploratory'].capitalize()}."


def window_words(row: dict[str, Any]) -> tuple[str, str]:
    """The same of a row of `indicators.event_windows`: with its figures where it is registered and has some."""
    english, spanish = WINDOWS_ENGLISH[row["verdict"]], WINDOWS_SPANISH[row["verdict"]]
    if row["is_registered"] and row["departure"] is not None:
        figures = [f"{row[name]:.2g}" for name in ("p_randomised", "p_monitored")]
        fresh, events, frozen_on = row["events_since_frozen"], row["events"], row["frozen_on"]
        english += ": departure = {:+.2g}, p = {}, looked at monthly {}".format(row["departure"], *figures)
        english += f"; {fresh} of {events} events after it was frozen on {frozen_on}"
        spanish += ": desviación = {:+.2g}, p = {}, mirada cada mes {}".format(row["departure"], *figures)
        spanish += f"; {fresh} de {events} acontecimientos después de fijarse el {frozen_on}"
    return english, spanish


def silence_words(row: dict[str, Any]) -> tuple[str, str]:
    """The same of a row of `indicators.silence_test_result`."""
    verdict = row["verdict"]
    english, spanish = SILENCE_ENGLISH[verdict].capitalize(), SILENCE_SPANISH[verdict].capitalize()
    if verdict == "not_testable":
        return f"{english}: {LACKS_ENGLISH[row['missing']]}.", f"{spanish}: {LACKS_SPANISH[row['missing']]}."
    if verdict in ("falls_with_need", "rises_with_need"):
        told = REGISTERED[row["registered_sign"] * (1 if row["estimate"] > 0 else -1)]
        english, spanish = english + told[0], spanish + told[1]
    points = [100 * row[name] for name in ("estimate", "estimate_low", "estimate_high")]
    figures = "{:+.1f} points per standard deviation of encounters (90 % {:+.1f} to {:+.1f})".format(*points)
    cifras = "{:+.1f} puntos por desviación estándar de encuentros (90 % de {:+.1f} a {:+.1f})".format(*points)
    figures, cifras = (f"{each}, p = {row['p']:.2g}" for each in (figures, cifras))
    if row["is_registered"]:
        figures += f", looked at monthly {row['p_monitored']:.2g}, n = {row['months']}"
        cifras += f", mirada cada mes {row['p_monitored']:.2g}, n = {row['months']}"
    held = [name for name in row["objections"] if name != "not_registered"]
    why = "".join(f"; {SILENCE_OBJECTIONS_ENGLISH[name]}" for name in held)
    porque = "".join(f"; {SILENCE_OBJECTIONS_SPANISH[name]}" for name in held)
    return f"{english}: {figures}{why}. {CLOSING[0]}", f"{spanish}: {cifras}{porque}. {CLOSING[1]}"
